using System.Globalization;
using PerceptionStudy.DemoAssets.Export;
using PerceptionStudy.DemoAssets.Networks;
using PerceptionStudy.DemoAssets.Pictures;
using PerceptionStudy.DemoAssets.Pictures.Drawings;
using PerceptionStudy.DemoAssets.Sounds;
using SkiaSharp;

namespace PerceptionStudy.DemoAssets;

/// <summary>What the tool can do, see README.md. The first argument names it, the rest belongs to it.</summary>
public static class Commands
{
    private const int Seed = 20261124;
    private const string NodeModules = "node_modules";
    private static readonly string[] Models = ["standard", "robust"];
    private static readonly string[] Stages = ["relu2", "relu3", "relu4", "relu5", "dense_relu", "logits"];

    public static Task<int> RunAsync(string[] args)
    {
        if (args is ["words", .. var rest]) return Task.FromResult(WordCommands.Run(rest));
        var icons = ExemplarList.Load(NodeModules, Seed);
        switch (args)
        {
            case ["sheet", var file]: Sheet(icons, file); return Task.FromResult(0);
            case ["train", var target, var minutes, var rate, var epsilon, .. var start]: Train(icons, target, Number(minutes), Number(rate), Number(epsilon), start); return Task.FromResult(0);
            case ["evaluate", var file]: Evaluate(icons, file); return Task.FromResult(0);
            case ["export", var file, var name, var target]: NetworkFiles.Export(file, Architecture.OfPictures, name, target); return Task.FromResult(0);
            case ["pictures", var folder]: PictureFiles.Write(icons, folder, Seed); return Task.FromResult(0);
            case ["icons", var folder]: IconFiles.Write(NodeModules, folder); return Task.FromResult(0);
            case ["figures", var demo]: MetamerFigures.Print(demo, "pictures", "*.png", Models, Stages); return Task.FromResult(0);
            case ["contact-sheet", var demo, var metamers, var file, .. var pictures]: Contacts(demo, metamers, pictures, file); return Task.FromResult(0);
            default:
                Console.Error.WriteLine("Use: sheet FILE | train FILE MINUTES RATE EPSILON [START] | evaluate FILE | export FILE NAME ONNX | pictures FOLDER | icons FOLDER | figures DEMO | contact-sheet DEMO METAMERS FILE PICTURE... | words ...");
                return Task.FromResult(2);
        }
    }

    private static double Number(string text) => double.Parse(text, CultureInfo.InvariantCulture);

    private static void Train(List<Exemplar> icons, string target, double minutes, double rate, double epsilon, string[] start)
    {
        using var pool = new ScenePool(icons, 20000, Seed);
        Console.WriteLine($"{pool.Size} scenes drawn.");
        var held = new HeldOutScenes(icons, 32, Seed);
        NetworkFiles.Train(Architecture.OfPictures, start, target, new TrainingPlan(minutes, rate, epsilon), Seed, pool.Batch, (network, radius) => Evaluation.Run(network, held.Labels, held.CopyTo, radius, 10).Correct);
        Evaluate(icons, target);
    }

    /// <summary>Of an ONNX file of the demo, or of the weights that train wrote.</summary>
    private static void Evaluate(List<Exemplar> icons, string file)
    {
        using var network = NetworkFiles.Read(file, Architecture.OfPictures);
        var held = new HeldOutScenes(icons, 40, Seed);
        foreach (var epsilon in new[] { 0, .5, 1.5, 3 })
        {
            var (correct, each) = Evaluation.Run(network, held.Labels, held.CopyTo, epsilon);
            Console.WriteLine($"{Path.GetFileName(file)}, {held.Labels.Length} pictures of held-out designs, L2 {epsilon}: {correct:0.000}  " + string.Join(' ', ExemplarList.Categories.Select((c, i) => $"{c} {each[i]:0.00}")));
        }
    }

    private static void Contacts(string demo, string metamers, string[] pictures, string file) => ContactSheet.Write(
        pictures, Models, Stages, name => Path.Combine(demo, "pictures", name[..name.LastIndexOf('-')], name + ".png"), (name, model, stage) => Path.Combine(metamers, model, stage, name + ".png"),
        SKImage.FromEncodedData, new(112, 112), file);

    /// <summary>Training scenes: icons in the first eight columns, own drawings in the others, held-out scenes in the last four; one row per category.</summary>
    private static void Sheet(List<Exemplar> icons, string file)
    {
        const int columns = 20;
        using var surface = SKSurface.Create(new SKImageInfo(columns * Scene.Side, ExemplarList.Categories.Length * Scene.Side));
        using var scene = new Scene();
        var rgb = new byte[ScenePool.Bytes];
        var random = new Random(Seed);
        foreach (var group in icons.GroupBy(e => e.Category)) Console.WriteLine($"{group.Key}: {group.Count()} exemplars, {group.Select(e => e.Design).Distinct().Count()} designs, held out {group.Where(e => e.HeldOut).Select(e => e.Design).Distinct().Count()}: {string.Join(' ', group.Where(e => e.HeldOut).Select(e => e.Design).Distinct())}");
        for (var row = 0; row < ExemplarList.Categories.Length; row++)
            for (var column = 0; column < columns; column++)
            {
                var mine = icons.Where(e => e.Category == ExemplarList.Categories[row] && e.HeldOut == column > 15).ToArray();
                if (column is >= 8 and < 16) scene.Render((canvas, r) => OwnDrawings.Draw(row, canvas, r), random, rgb);
                else scene.Render(mine[random.Next(mine.Length)], random, rgb, train: column < 16);
                using var picture = Picture(rgb);
                surface.Canvas.DrawImage(picture, column * Scene.Side, row * Scene.Side, SKSamplingOptions.Default);
            }
        using var whole = surface.Snapshot();
        using var data = whole.Encode(SKEncodedImageFormat.Png, 90);
        File.WriteAllBytes(file, data.ToArray());
    }

    internal static SKImage Picture(ReadOnlySpan<byte> rgb)
    {
        var rgba = new byte[Scene.Side * Scene.Side * 4];
        for (int p = 0, i = 0; p < rgba.Length; p += 4, i += 3) (rgba[p], rgba[p + 1], rgba[p + 2], rgba[p + 3]) = (rgb[i], rgb[i + 1], rgb[i + 2], 255);
        return SKImage.FromPixelCopy(new SKImageInfo(Scene.Side, Scene.Side, SKColorType.Rgba8888, SKAlphaType.Opaque), rgba);
    }
}
