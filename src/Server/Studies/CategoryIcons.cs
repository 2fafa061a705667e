using PerceptionStudy.Synthesis.Media;
using SkiaSharp;
using Svg.Skia;

namespace PerceptionStudy.Server.Studies;

/// <summary>The drawings of categories: tiles of the response grid, and what catch trials show.</summary>
public static class CategoryIcons
{
    // The tiles' own grey, on which the drawings are dark.
    private static readonly SKColor Ground = new(0xD6, 0xD6, 0xD6);

    /// <summary>Whether a category can be shown: there is a drawing of it, or its name can be written.</summary>
    public static bool CanShow(string category) => HasDrawing(category) || BlockLetters.CanWrite(category);

    /// <summary>The drawing as a picture, with a margin of a tenth; where there is none, the name.</summary>
    /// <param name="category">One that can be shown.</param>
    /// <param name="sidePx">Width and height, pixels.</param>
    public static Picture Draw(string category, int sidePx)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(sidePx, sidePx, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(Ground);
            canvas.Translate(0.1f * sidePx, 0.1f * sidePx);
            if (HasDrawing(category)) DrawIcon(canvas, category, 0.8f * sidePx);
            else Write(canvas, category, 0.8f * sidePx);
        }
        var pixels = new byte[3 * sidePx * sidePx];
        var drawn = bitmap.GetPixelSpan();
        for (var i = 0; i < sidePx * sidePx; i++) drawn.Slice(4 * i, 3).CopyTo(pixels.AsSpan(3 * i));
        return new Picture(sidePx, sidePx, pixels);
    }

    private static void DrawIcon(SKCanvas canvas, string category, float side)
    {
        using var file = typeof(CategoryIcons).Assembly.GetManifestResourceStream(ResourceOf(category))!;
        using var svg = new SKSvg();
        var drawing = svg.Load(file) ?? throw new InvalidDataException($"The drawing of '{category}' cannot be read.");
        canvas.Scale(side / Math.Max(drawing.CullRect.Width, drawing.CullRect.Height));
        canvas.DrawPicture(drawing);
    }

    private static void Write(SKCanvas canvas, string word, float side)
    {
        var square = side / (word.Length * (BlockLetters.Columns + 1) - 1);
        square = Math.Min(square, side / 20);
        var left = (side - square * (word.Length * (BlockLetters.Columns + 1) - 1)) / 2;
        var top = (side - square * BlockLetters.Rows) / 2;
        using var ink = new SKPaint { Color = SKColors.Black };
        foreach (var (n, letter) in word.Index())
        {
            for (var row = 0; row < BlockLetters.Rows; row++)
            {
                for (var column = 0; column < BlockLetters.Columns; column++)
                {
                    if (BlockLetters.IsDark(letter, column, row))
                        canvas.DrawRect(left + square * (n * (BlockLetters.Columns + 1) + column), top + square * row, square, square, ink);
                }
            }
        }
    }

    /// <summary>Whether there is a drawing of a category; otherwise its name is written.</summary>
    public static bool HasDrawing(string category) => typeof(CategoryIcons).Assembly.GetManifestResourceInfo(ResourceOf(category)) is not null;

    private static string ResourceOf(string category) => $"icons/{category}.svg";
}
