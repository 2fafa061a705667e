using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>Natural pictures and their metamers, stage by stage: one row per model and picture. An absent metamer leaves its place empty.</summary>
public static class ContactSheet
{
    private const int Cell = 112, Gap = 4, Side = 82, Head = 26, PairGap = 12;

    /// <summary>Writes a JPEG: noise would make a PNG several times as large.</summary>
    public static void Write(string demo, string metamers, string[] stages, string[] pictures, string[] models, string file)
    {
        var pairHeight = models.Length * (Cell + Gap) + PairGap;
        var info = new SKImageInfo(Side + (stages.Length + 1) * (Cell + Gap), Head + pictures.Length * pairHeight - PairGap);
        using var surface = SKSurface.Create(info);
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        using var face = Face();
        using var font = new SKFont(face, 13);
        using var ink = new SKPaint { Color = new SKColor(40, 40, 40), IsAntialias = true };
        for (var column = 0; column <= stages.Length; column++)
            canvas.DrawText(column == 0 ? "natural" : stages[column - 1], Side + column * (Cell + Gap) + Cell / 2f, 17, SKTextAlign.Center, font, ink);
        for (var row = 0; row < pictures.Length; row++)
        {
            var top = Head + row * pairHeight;
            var category = pictures[row][..pictures[row].LastIndexOf('-')];
            Draw(Path.Combine(demo, "pictures", category, pictures[row] + ".png"), 0, top + (pairHeight - PairGap - Gap - Cell) / 2);
            for (var model = 0; model < models.Length; model++)
            {
                var y = top + model * (Cell + Gap);
                canvas.DrawText(models[model], Side - 8, y + Cell / 2f + 5, SKTextAlign.Right, font, ink);
                for (var stage = 0; stage < stages.Length; stage++)
                    Draw(Path.Combine(metamers, models[model], stages[stage], $"{pictures[row]}.png"), stage + 1, y);
            }
        }
        using var whole = surface.Snapshot();
        using var data = whole.Encode(SKEncodedImageFormat.Jpeg, 88);
        File.WriteAllBytes(file, data.ToArray());

        void Draw(string path, int column, int y)
        {
            if (!File.Exists(path)) return;
            using var image = SKImage.FromEncodedData(path);
            canvas.DrawImage(image, SKRect.Create(Side + column * (Cell + Gap), y, Cell, Cell), new SKSamplingOptions(SKCubicResampler.Mitchell));
        }
    }

    // This build of Skia knows no fonts of the system.
    private static SKTypeface Face() => SKTypeface.FromFile(
        Directory.EnumerateFiles("/usr/share/fonts", "*Sans*Regular.ttf", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles("/usr/share/fonts", "DejaVuSans.ttf", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new InvalidOperationException("No font was found in /usr/share/fonts: install fonts-dejavu-core."));
}
