using PerceptionStudy.DemoAssets.Networks;
using PerceptionStudy.DemoAssets.Pictures;
using PerceptionStudy.DemoAssets.Pictures.Drawings;
using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>Writes the demo's pictures: natural stimuli from held-out designs, the null pool from designs that were trained on.</summary>
public static class PictureFiles
{
    public const int PerCategory = 5;
    private const int PoolPerCategory = 10;

    public static void Write(IReadOnlyList<Exemplar> exemplars, string folder, int seed)
    {
        using var scene = new Scene();
        var rgb = new byte[ScenePool.Bytes];
        for (var category = 0; category < ExemplarList.Categories.Length; category++)
        {
            var name = ExemplarList.Categories[category];
            var random = new Random(seed + category);
            var home = Directory.CreateDirectory(Path.Combine(folder, "pictures", name)).FullName;
            // Coloured designs first, one picture of each before the second of any.
            var held = exemplars.Where(e => e.HeldOut && e.Category == name).OrderByDescending(e => e.Coloured).GroupBy(e => e.Design).Select(d => d.First()).ToArray();
            for (var i = 0; i < PerCategory; i++)
            {
                scene.Render(held[i % held.Length], random, rgb, train: false);
                Save(rgb, Path.Combine(home, $"{name}-{i + 1}.png"));
            }
            var pool = Directory.CreateDirectory(Path.Combine(folder, "null-pool")).FullName;
            var trained = exemplars.Where(e => !e.HeldOut && e.Category == name).ToArray();
            for (var i = 0; i < PoolPerCategory; i++)
            {
                if (i % 2 == 0) scene.Render((canvas, r) => OwnDrawings.Draw(category, canvas, r), random, rgb);
                else scene.Render(trained[random.Next(trained.Length)], random, rgb, train: false);
                Save(rgb, Path.Combine(pool, $"{name}-{i + 1:00}.png"));
            }
        }
    }

    private static void Save(byte[] rgb, string file)
    {
        using var image = Commands.Picture(rgb);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(file, data.ToArray());
    }
}
