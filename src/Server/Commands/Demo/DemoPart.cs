using System.Security.Cryptography;
using System.Text.Json;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>A natural stimulus of the demo.</summary>
public sealed record DemoStimulus(string Path, string Name, string Category, string Sha256);

/// <summary>A metamer of the demo with what the synthesis wrote beside it.</summary>
public sealed record DemoMetamer(string Path, MetamerManifest Manifest, string ManifestJson)
{
    public string Sha256 => (Manifest.PngSha256 ?? Manifest.Sound?.WavSha256)!;
}

/// <summary>One part of the demo: its networks, their natural stimuli and metamers.</summary>
/// <param name="path">Its folder.</param>
/// <param name="medium">Whether it is seen or heard.</param>
public sealed class DemoPart(string path, StimulusMedium medium)
{
    public StimulusMedium Medium => medium;

    /// <summary>What its natural stimuli are called: pictures or words.</summary>
    public string Name => medium == StimulusMedium.Sound ? "words" : "pictures";

    public bool Exists => Directory.Exists(In("models"));

    /// <summary>The two networks, by name.</summary>
    public string[] Models => [.. Directory.GetFiles(In("models"), "*.onnx").Order(StringComparer.Ordinal)];

    public StimulusPipeline Pipeline() => StimulusPipelineFile.Read(In("models", "pipeline.json"));

    /// <summary><c>pictures/CATEGORY/NAME.png</c> or <c>sounds/CATEGORY/NAME.wav</c>. A name that does not say its category gets it before it.</summary>
    public async Task<List<DemoStimulus>> NaturalsAsync(CancellationToken cancel) => await ReadAsync(Files(medium == StimulusMedium.Sound ? "sounds" : "pictures"), (file, category) =>
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return (name.StartsWith(category, StringComparison.Ordinal) ? name : $"{category}-{name}", category);
    }, cancel);

    /// <summary><c>null-pool/CATEGORY-NUMBER.png</c>; empty where the natural stimuli themselves are the pool.</summary>
    public async Task<List<DemoStimulus>> NullPoolAsync(CancellationToken cancel) =>
        await ReadAsync(Files("null-pool"), (file, _) => Path.GetFileNameWithoutExtension(file) is var name && name.LastIndexOf('-') is > 0 and var dash ? (name, name[..dash]) : (name, "other"), cancel);

    /// <summary><c>metamers/MODEL/STAGE/NAME.png</c> or <c>.wav</c>, each with its manifest.</summary>
    /// <exception cref="RefusedException">A manifest is absent, or tells of another file.</exception>
    public async Task<List<DemoMetamer>> MetamersAsync(string model, CancellationToken cancel)
    {
        var found = new List<DemoMetamer>();
        foreach (var file in Files("metamers", model))
        {
            var beside = MetamerManifest.PathFor(file);
            if (!File.Exists(beside)) throw new RefusedException($"The demo's metamer {file} has no manifest beside it.");
            var json = await File.ReadAllTextAsync(beside, cancel);
            var metamer = new DemoMetamer(file, Parse(json, beside), json);
            if (metamer.Sha256 != await Sha256Async(file, cancel)) throw new RefusedException($"The manifest {beside} tells of another file than the one beside it.");
            found.Add(metamer);
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

    private static async Task<List<DemoStimulus>> ReadAsync(IEnumerable<string> files, Func<string, string, (string Name, string Category)> named, CancellationToken cancel)
    {
        var stimuli = new List<DemoStimulus>();
        foreach (var file in files)
        {
            var (name, category) = named(file, Path.GetFileName(Path.GetDirectoryName(file))!);
            stimuli.Add(new DemoStimulus(file, name, category, await Sha256Async(file, cancel)));
        }
        return stimuli;
    }

    private string In(params string[] names) => Path.Combine([path, .. names]);

    private IEnumerable<string> Files(params string[] names) =>
        Directory.Exists(In(names)) ? Directory.EnumerateFiles(In(names), medium == StimulusMedium.Sound ? "*.wav" : "*.png", SearchOption.AllDirectories).Order(StringComparer.Ordinal) : [];

    private static async Task<string> Sha256Async(string file, CancellationToken cancel)
    {
        await using var content = File.OpenRead(file);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
    }
}
