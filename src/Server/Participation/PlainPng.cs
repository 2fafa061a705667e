using PerceptionStudy.Synthesis.Media;
using SkiaSharp;

namespace PerceptionStudy.Server.Participation;

/// <summary>8-bit RGB PNG files whose length depends on the picture's size alone: no filter, stored without compression, no metadata.</summary>
public static class PlainPng
{
    public static byte[] Encode(Picture picture)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        for (int i = 0, n = picture.Width * picture.Height; i < n; i++)
        {
            picture.Pixels.AsSpan(3 * i, 3).CopyTo(target[(4 * i)..]);
            target[4 * i + 3] = 255;
        }
        using var pixmap = bitmap.PeekPixels();
        using var encoded = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.NoFilters, 0));
        return encoded?.ToArray() ?? throw new InvalidOperationException("The picture could not be encoded as PNG.");
    }
}
