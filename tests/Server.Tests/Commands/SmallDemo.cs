using Microsoft.Extensions.Configuration;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Tests.Commands;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

[assembly: AssemblyFixture(typeof(SmallDemo))]

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>
/// A demo folder in small: two networks, three pictures in each of three categories, metamers of two of them at two stages, made by the engine
/// itself as <c>metamer synthesize</c> makes them.
/// </summary>
public sealed class SmallDemo : IAsyncDisposable
{
    public static readonly string[] Stages = ["opponent", "pooled"];
    private readonly SemaphoreSlim gate = new(1);
    private string? folder;

    /// <summary>A copy of its own for a test that spoils it; it lies in a folder of the test.</summary>
    public async Task<string> CopyAsync(string target)
    {
        var source = await FolderAsync();
        foreach (var file in Directory.EnumerateFiles(source, "*", SearchOption.AllDirectories))
        {
            var copy = Path.Combine(target, Path.GetRelativePath(source, file));
            Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
            File.Copy(file, copy);
        }
        return target;
    }

    /// <summary>The folder, made by the first test that wants it.</summary>
    public async Task<string> FolderAsync()
    {
        await gate.WaitAsync();
        try
        {
            return folder ??= await MakeAsync();
        }
        finally
        {
            gate.Release();
        }
    }

    public ValueTask DisposeAsync()
    {
        if (folder is not null) Directory.Delete(folder, recursive: true);
        return ValueTask.CompletedTask;
    }

    private static async Task<string> MakeAsync()
    {
        var root = Directory.CreateTempSubdirectory("small-demo-").FullName;
        string In(params string[] names)
        {
            var path = Path.Combine([root, .. names]);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            return path;
        }
        await File.WriteAllBytesAsync(In("models", "standard.onnx"), ColourNet.Onnx());
        await File.WriteAllBytesAsync(In("models", "robust.onnx"), ColourNet.Onnx(contrast: 0.4f));
        await File.WriteAllTextAsync(In("models", "pipeline.json"), ColourNet.Pipeline);
        foreach (var category in ColourNet.Categories)
        {
            for (var n = 0; n < 3; n++)
            {
                await File.WriteAllBytesAsync(In("pictures", category, $"scene-{n}.png"), ColourNet.Picture(category, n));
                await File.WriteAllBytesAsync(In("null-pool", $"{category}-0{n}.png"), ColourNet.Picture(category, 50 + n));
            }
        }
        var pipeline = PicturePipelineFile.Read(In("models", "pipeline.json"));
        await using var hosts = new SynthesisHosts(new ConfigurationBuilder().Build(), TimeProvider.System);
        foreach (var model in (string[])["standard", "robust"])
        {
            var (onnx, chance) = (In("models", model + ".onnx"), Path.Combine(root, model + ".null"));
            await hosts.ForPeople.CallAsync<NullSummary>(new MeasureNull(onnx, pipeline, Stages, Directory.GetFiles(In("null-pool", "x")[..^2]), 30, 1, chance));
            foreach (var category in ColourNet.Categories)
            {
                for (var n = 0; n < 2; n++)
                {
                    foreach (var stage in Stages)
                    {
                        // The last stage of one network gets too few steps to match: such metamers are in a demo too, and must not be shown.
                        var steps = model == "robust" && stage == "pooled" && n == 1 ? 1 : 120;
                        await hosts.ForPeople.CallAsync<MetamerResult>(new SynthesizeMetamer(
                            onnx, pipeline, In("pictures", category, $"scene-{n}.png"), stage, In("metamers", model, stage, $"{category}_scene-{n}.png"), "fast", steps, 1, chance));
                    }
                }
            }
            File.Delete(chance);
        }
        return root;
    }
}
