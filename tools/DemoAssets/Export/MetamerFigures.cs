using System.Text.Json;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>
/// Prints the figures of the committed metamers as rows of a Markdown table: how well they match, from their manifests; what either network
/// calls them, by running both on the saved files as the product does. "Correct" is the category of the natural stimulus.
/// </summary>
public static class MetamerFigures
{
    /// <summary>Prints.</summary>
    /// <param name="folder">Holds <c>models</c> with their pipeline.json, and <c>metamers/MODEL/STAGE/CATEGORY-NUMBER</c>.</param>
    /// <param name="naturals">Name of the folder in it that holds the natural stimuli, <c>CATEGORY-NUMBER</c>.</param>
    /// <param name="pattern">Which files are stimuli.</param>
    /// <param name="models">The networks.</param>
    /// <param name="stages">The stages, in order.</param>
    public static void Print(string folder, string naturals, string pattern, string[] models, string[] stages)
    {
        using var sessions = new ModelSessions(threads: 1);
        var pipeline = StimulusPipelineFile.Read(Path.Combine(folder, "models", "pipeline.json"));
        var networks = models.Select(m => new StimulusModel(sessions, Path.Combine(folder, "models", m + ".onnx"), pipeline)).ToArray();
        Console.WriteLine($"| made by | stage | metamers | loss, mean (max) | Spearman, mean (min) | {string.Join(" | ", models.Select(m => $"{m} network: correct"))} |");
        Console.WriteLine("|---|---|---|---|---|" + string.Concat(models.Select(_ => "---|")));
        Row("natural", "", Directory.GetFiles(Path.Combine(folder, naturals), pattern, SearchOption.AllDirectories), withManifest: false);
        foreach (var model in models)
            foreach (var stage in stages)
                if (Path.Combine(folder, "metamers", model, stage) is var cell && Directory.Exists(cell)) Row(model, stage, Directory.GetFiles(cell, pattern), withManifest: true);

        void Row(string model, string stage, string[] files, bool withManifest)
        {
            var results = withManifest ? files.Select(f => JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(f, ".json"))).RootElement.GetProperty("result")).ToArray() : [];
            double[] loss = [.. results.Select(r => r.GetProperty("lossOfSavedFile").GetDouble())], spearman = [.. results.Select(r => r.GetProperty("spearman").GetDouble())];
            var match = withManifest ? $"{loss.Average():0.000} ({loss.Max():0.000}) | {spearman.Average():0.000} ({spearman.Min():0.000})" : "– | –";
            var correct = networks.Select(n => files.Count(f => n.Answer(n.Read(f)).Category == CategoryOf(f)) / (double)files.Length);
            Console.WriteLine($"| {model} | {stage} | {files.Length} | {match} | {string.Join(" | ", correct.Select(c => $"{c:0.00}"))} |");
        }
    }

    private static string CategoryOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return name[..name.LastIndexOf('-')];
    }
}
