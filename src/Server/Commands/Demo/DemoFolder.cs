using System.Security.Cryptography;
using System.Text.Json;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>A picture of the demo.</summary>
public sealed record DemoPicture(string Path, string Name, string Category, string Sha256);

/// <summary>A metamer of the demo with what the synthesis wrote beside it.</summary>
public sealed record DemoMetamer(string Path, MetamerManifest Manifest, string ManifestJson);

/// <summary>The files of the demo as the repository holds them, copied beside the program by the build. Its README tells how they were made.</summary>
public sealed class DemoFolder(string path)
{
    /// <summary>Setting <c>DemoFolder</c>, by default <c>demo</c> beside the program.</summary>
    public static DemoFolder Of(IConfiguration configuration) => new(configuration["DemoFolder"] ?? System.IO.Path.Combine(AppContext.BaseDirectory, "demo"));

    public string Path { get; } = System.IO.Path.GetFullPath(path);

    public bool Exists => Directory.Exists(System.IO.Path.Combine(Path, "models"));

    /// <summary>The two networks, by name.</summary>
    public string[] Models => [.. Directory.GetFiles(In("models"), "*.onnx").Order(StringComparer.Ordinal)];

    public PicturePipeline Pipeline() => PicturePipelineFile.Read(In("models", "pipeline.json"));

    /// <summary><c>pictures/CATEGORY/NAME.png</c>. A name that does not say its category gets it before it.</summary>
    public async Task<List<DemoPicture>> PicturesAsync(CancellationToken cancel) => await ReadAsync(PngFiles("pictures"), (file, category) =>
    {
        var name = System.IO.Path.GetFileNameWithoutExtension(file);
        return (name.StartsWith(category, StringComparison.Ordinal) ? name : $"{category}-{name}", category);
    }, cancel);

    /// <summary><c>null-pool/CATEGORY-NUMBER.png</c>.</summary>
    public async Task<List<DemoPicture>> NullPoolAsync(CancellationToken cancel) =>
        await ReadAsync(PngFiles("null-pool"), (file, _) => System.IO.Path.GetFileNameWithoutExtension(file) is var name && name.LastIndexOf('-') is > 0 and var dash ? (name, name[..dash]) : (name, "other"), cancel);

    /// <summary><c>metamers/MODEL/STAGE/CATEGORY_NAME.png</c>, each with its manifest.</summary>
    /// <exception cref="RefusedException">A manifest is absent, or tells of another file.</exception>
    public async Task<List<DemoMetamer>> MetamersAsync(string model, CancellationToken cancel)
    {
        var found = new List<DemoMetamer>();
        foreach (var png in PngFiles("metamers", model))
        {
            var beside = MetamerManifest.PathFor(png);
            if (!File.Exists(beside)) throw new RefusedException($"The demo's metamer {png} has no manifest beside it.");
            var json = await File.ReadAllTextAsync(beside, cancel);
            var manifest = Parse(json, beside);
            if (manifest.PngSha256 != await Sha256Async(png, cancel)) throw new RefusedException($"The manifest {beside} tells of another picture than the one beside it.");
            found.Add(new DemoMetamer(png, manifest, json));
        }
        return found;
    }

    private static MetamerManifest Parse(string json, string path)
    {
        try
        {
            return JsonSerializer.Deserialize<MetamerManifest>(json, HostProtocol.Files)!;
        }
        catch (JsonException e)
        {
            throw new RefusedException($"{path} is not the manifest of a metamer: {e.Message}", e);
        }
    }

    private static async Task<List<DemoPicture>> ReadAsync(IEnumerable<string> files, Func<string, string, (string Name, string Category)> named, CancellationToken cancel)
    {
        var pictures = new List<DemoPicture>();
        foreach (var file in files)
        {
            var (name, category) = named(file, System.IO.Path.GetFileName(System.IO.Path.GetDirectoryName(file))!);
            pictures.Add(new DemoPicture(file, name, category, await Sha256Async(file, cancel)));
        }
        return pictures;
    }

    private string In(params string[] names) => System.IO.Path.Combine([Path, .. names]);

    private IEnumerable<string> PngFiles(params string[] names) =>
        Directory.Exists(In(names)) ? Directory.EnumerateFiles(In(names), "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    private static async Task<string> Sha256Async(string file, CancellationToken cancel)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
    }
}
