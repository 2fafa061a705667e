using System.Text.Json.Nodes;
using Json.Schema;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

/// <summary>docs/metamer-manifest.schema.json against manifests as they are written.</summary>
public sealed class ManifestSchemaTests : IDisposable
{
    private static readonly JsonSchema Schema = JsonSchema.FromFile(Path.Combine(Repository.Root, "docs", "metamer-manifest.schema.json"));
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Theory]
    [InlineData("feather2023", null)]
    [InlineData("fast", null)]
    [InlineData("fast", 0.5)]
    public void A_manifest_is_as_the_schema_says(string preset, double? lossLevel)
    {
        var manifest = Written(preset, lossLevel);
        Assert.True(Faults(manifest).Length == 0, string.Join("; ", Faults(manifest)));
        Assert.Equal(MetamerPreset.Named(preset).Parameters.Count, manifest["plan"]!["presetParameters"]!.AsObject().Count);
    }

    [Fact]
    public void So_is_that_of_a_sound()
    {
        using var sessions = new ModelSessions(threads: 1);
        var pipeline = new SoundPipeline { RateHz = 8_000, Samples = 2_000 };
        WavFile.Write(new(8_000, TestSounds.Voice(2_000, 8_000, 1)), folder["n.wav"]);
        new MetamerSynthesis(sessions, TimeProvider.System).Make(new(TestNets.Words(folder, pipeline), pipeline, folder["n.wav"], "relu1", folder["m.wav"], "fast", 20), _ => { }, default);
        var manifest = JsonNode.Parse(File.ReadAllText(folder["m.json"]))!;
        Assert.True(Faults(manifest).Length == 0, string.Join("; ", Faults(manifest)));
        manifest["sound"]!["rms"] = -1;
        Assert.Contains(Faults(manifest), f => f.StartsWith("/sound/rms", StringComparison.Ordinal));
    }

    [Fact]
    public void The_schema_notices_what_is_missing_or_wrong()
    {
        var manifest = Written("fast");
        manifest["plan"]!.AsObject().Remove("presetParameters");
        manifest["pngSha256"] = "none";
        Assert.Contains(Faults(manifest), f => f.Contains("presetParameters", StringComparison.Ordinal));
        Assert.Contains(Faults(manifest), f => f.StartsWith("/pngSha256", StringComparison.Ordinal));
    }

    private JsonNode Written(string preset, double? lossLevel = null)
    {
        using var sessions = new ModelSessions(threads: 1);
        var output = folder["m.png"];
        new MetamerSynthesis(sessions, TimeProvider.System).Make(
            new(TestNets.Convolutional(folder), new PicturePipeline { Width = 16, Height = 16 }, TestPictures.Write(folder, "n.png", 16, 16, 1), "relu2", output, preset, 40, LossLevel: lossLevel), _ => { }, default);
        return JsonNode.Parse(File.ReadAllText(MetamerManifest.PathFor(output)))!;
    }

    private static string[] Faults(JsonNode manifest)
    {
        var results = Schema.Evaluate(manifest, new EvaluationOptions { OutputFormat = OutputFormat.List });
        return results.IsValid ? [] : [.. results.Details.Where(d => d.HasErrors).SelectMany(d => d.Errors!.Select(e => $"{d.InstanceLocation} {e.Value}"))];
    }
}
