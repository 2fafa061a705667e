using PerceptionStudy.DemoAssets.Pictures;
using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>Natural pictures and their metamers, stage by stage: one row per model and picture. An absent metamer leaves its place empty.</summary>
public static class ContactSheet
{
    private const int Cell = 112, Gap = 4, Side = 78, Head = 26;

    public static void Write(string demo, string metamers, string[] stages, string[] pictures, string[] models, string file)
    {
        var pairHeight = models.Length * (Cell + Gap) + 10;
        var info = new SKImageInfo(Side + (stages.Length + 1) * (Cell + Gap) + Gap, Head + pictures.Length * pairHeight);
        using var surface = SKSurface.Create(info);
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        using var face = SKFontManager.Default.MatchFamily("DejaVu Sans") ?? SKTypeface.Default;
        using var font = new SKFont(face, 13);
        using var ink = new SKPaint { Color = new SKColor(40, 40, 40), IsAntialias = true };
        for (var column = 0; column <= stages.Length; column++)
            canvas.DrawText(column == 0 ? "natural" : stages[column - 1], Side + column * (Cell + Gap) + Cell / 2f, 17, SKTextAlign.Center, font, ink);
        for (var row = 0; row < pictures.Length; row++)
            for (var model = 0; model < models.Length; model++)
            {
                var y = Head + row * pairHeight + model * (Cell + Gap);
                canvas.DrawText(models[model], Side - 8, y + Cell / 2f + 5, SKTextAlign.Right, font, ink);
                var category = pictures[row][..pictures[row].LastIndexOf('-')];
                Draw(Path.Combine(demo, "pictures", category, pictures[row] + ".png"), 0);
                for (var stage = 0; stage < stages.Length; stage++)
                    Draw(Path.Combine(metamers, models[model], stages[stage], $"{pictures[row]}.png"), stage + 1);

                void Draw(string path, int column)
                {
                    if (!File.Exists(path)) return;
                    using var image = SKImage.FromEncodedData(path);
                    canvas.DrawImage(image, SKRect.Create(Side + column * (Cell + Gap), y, Cell, Cell), new SKSamplingOptions(SKCubicResampler.Mitchell), null);
                }
            }
        using var whole = surface.Snapshot();
        using var data = whole.Encode(SKEncodedImageFormat.Png, 100);
        File.WriteAllBytes(file, data.ToArray());
    }
}
