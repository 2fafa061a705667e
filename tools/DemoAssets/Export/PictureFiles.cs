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
        var sources = new List<string> { "file,icon_set,icon" };
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
                var exemplar = held[i % held.Length];
                scene.Render(exemplar, random, rgb, train: false);
                sources.Add($"pictures/{name}/{name}-{i + 1}.png,{exemplar.Set},{exemplar.Name}");
                Save(rgb, Path.Combine(home, $"{name}-{i + 1}.png"));
            }
            var pool = Directory.CreateDirectory(Path.Combine(folder, "null-pool")).FullName;
            var trained = exemplars.Where(e => !e.HeldOut && e.Category == name).ToArray();
            for (var i = 0; i < PoolPerCategory; i++)
            {
                var exemplar = i % 2 == 0 ? null : trained[random.Next(trained.Length)];
                if (exemplar is null) scene.Render((canvas, r) => OwnDrawings.Draw(category, canvas, r), random, rgb);
                else scene.Render(exemplar, random, rgb, train: false);
                sources.Add($"null-pool/{name}-{i + 1:00}.png,{exemplar?.Set ?? "own drawing"},{exemplar?.Name}");
                Save(rgb, Path.Combine(pool, $"{name}-{i + 1:00}.png"));
            }
        }
        File.WriteAllLines(Path.Combine(folder, "sources.csv"), sources);
    }

    private static void Save(byte[] rgb, string file)
    {
        using var image = Commands.Picture(rgb);
        using var data = image.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(file, data.ToArray());
    }
}
