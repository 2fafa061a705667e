using System.Text.Json;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PerceptionStudy.DemoAssets.Pictures;
using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>
/// Prints the figures of the committed metamers as rows of a Markdown table: how well they match, from their manifests; what either network
/// calls them, by running both on the saved files. "Correct" is the category of the natural picture.
/// </summary>
public static class MetamerFigures
{
    public static void Print(string demo, string[] models, string[] stages)
    {
        var networks = models.Select(m => new InferenceSession(Path.Combine(demo, "models", m + ".onnx"))).ToArray();
        Console.WriteLine($"| made by | stage | metamers | loss, mean (max) | Spearman, mean (min) | {string.Join(" | ", models.Select(m => $"{m} network: correct"))} |");
        Console.WriteLine("|---|---|---|---|---|" + string.Concat(models.Select(_ => "---|")));
        Row("natural", "", [.. Directory.GetFiles(Path.Combine(demo, "pictures"), "*.png", SearchOption.AllDirectories)], withManifest: false);
        foreach (var model in models)
            foreach (var stage in stages)
                if (Path.Combine(demo, "metamers", model, stage) is var folder && Directory.Exists(folder)) Row(model, stage, Directory.GetFiles(folder, "*.png"), withManifest: true);
        foreach (var network in networks) network.Dispose();

        void Row(string model, string stage, string[] files, bool withManifest)
        {
            var results = withManifest ? files.Select(f => JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(f, ".json"))).RootElement.GetProperty("result")).ToArray() : [];
            double[] loss = [.. results.Select(r => r.GetProperty("lossOfSavedFile").GetDouble())], spearman = [.. results.Select(r => r.GetProperty("spearman").GetDouble())];
            var match = withManifest ? $"{loss.Average():0.000} ({loss.Max():0.000}) | {spearman.Average():0.000} ({spearman.Min():0.000})" : "– | –";
            var correct = networks.Select(n => files.Count(f => Answer(n, f) == CategoryOf(f)) / (double)files.Length);
            Console.WriteLine($"| {model} | {stage} | {files.Length} | {match} | {string.Join(" | ", correct.Select(c => $"{c:0.00}"))} |");
        }
    }

    private static int CategoryOf(string file)
    {
        var name = Path.GetFileNameWithoutExtension(file);
        return Array.IndexOf(ExemplarList.Categories, name[..name.LastIndexOf('-')]);
    }

    private static int Answer(InferenceSession network, string file)
    {
        using var picture = SKBitmap.Decode(file, new SKImageInfo(Scene.Side, Scene.Side, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var pixels = picture.GetPixelSpan();
        var input = new DenseTensor<float>([1, 3, Scene.Side, Scene.Side]);
        for (var i = 0; i < Scene.Side * Scene.Side; i++)
            for (var c = 0; c < 3; c++) input.SetValue(c * Scene.Side * Scene.Side + i, pixels[i * 4 + c] / 255f);
        using var results = network.Run([NamedOnnxValue.CreateFromTensor("image", input)]);
        var logits = results[0].AsEnumerable<float>().ToArray();
        return Array.IndexOf(logits, logits.Max());
    }
}
