using SkiaSharp;

namespace PerceptionStudy.DemoAssets.Export;

/// <summary>Natural stimuli and their metamers, stage by stage: one row per model and stimulus. An absent metamer leaves its place empty.</summary>
public static class ContactSheet
{
    private const int Gap = 4, Head = 26, PairGap = 12;

    /// <summary>Writes a JPEG: noise would make a PNG several times as large.</summary>
    /// <param name="stimuli">Names of the stimuli.</param>
    /// <param name="models">The models.</param>
    /// <param name="stages">The stages.</param>
    /// <param name="natural">File of a stimulus.</param>
    /// <param name="metamer">File of the metamer of a stimulus by a model at a stage.</param>
    /// <param name="picture">What a file looks like.</param>
    /// <param name="cell">Size of each picture on the sheet.</param>
    /// <param name="file">The JPEG to write.</param>
    public static void Write(
        string[] stimuli, string[] models, string[] stages, Func<string, string> natural, Func<string, string, string, string> metamer, Func<string, SKImage> picture, SKSizeI cell, string file)
    {
        using var face = Face();
        using var font = new SKFont(face, 13);
        var (pairHeight, side) = (models.Length * (cell.Height + Gap) + PairGap, 16 + (int)models.Max(model => font.MeasureText(model)));
        var info = new SKImageInfo(side + (stages.Length + 1) * (cell.Width + Gap), Head + stimuli.Length * pairHeight - PairGap);
        using var surface = SKSurface.Create(info);
        var canvas = surface.Canvas;
        canvas.Clear(SKColors.White);
        using var ink = new SKPaint { Color = new SKColor(40, 40, 40), IsAntialias = true };
        for (var column = 0; column <= stages.Length; column++)
            canvas.DrawText(column == 0 ? "natural" : stages[column - 1], side + column * (cell.Width + Gap) + cell.Width / 2f, 17, SKTextAlign.Center, font, ink);
        for (var row = 0; row < stimuli.Length; row++)
        {
            var top = Head + row * pairHeight;
            Draw(natural(stimuli[row]), 0, top + (pairHeight - PairGap - Gap - cell.Height) / 2);
            for (var model = 0; model < models.Length; model++)
            {
                var y = top + model * (cell.Height + Gap);
                canvas.DrawText(models[model], side - 8, y + cell.Height / 2f + 5, SKTextAlign.Right, font, ink);
                for (var stage = 0; stage < stages.Length; stage++)
                    Draw(metamer(stimuli[row], models[model], stages[stage]), stage + 1, y);
            }
        }
        using var whole = surface.Snapshot();
        using var data = whole.Encode(SKEncodedImageFormat.Jpeg, 88);
        File.WriteAllBytes(file, data.ToArray());

        void Draw(string path, int column, int y)
        {
            if (!File.Exists(path)) return;
            using var image = picture(path);
            canvas.DrawImage(image, SKRect.Create(side + column * (cell.Width + Gap), y, cell.Width, cell.Height), new SKSamplingOptions(SKCubicResampler.Mitchell));
        }
    }

    // This build of Skia knows no fonts of the system.
    private static SKTypeface Face() => SKTypeface.FromFile(
        Directory.EnumerateFiles("/usr/share/fonts", "*Sans*Regular.ttf", SearchOption.AllDirectories).Concat(Directory.EnumerateFiles("/usr/share/fonts", "DejaVuSans.ttf", SearchOption.AllDirectories)).Order(StringComparer.Ordinal).FirstOrDefault()
        ?? throw new InvalidOperationException("No font was found in /usr/share/fonts: install fonts-dejavu-core."));
}
