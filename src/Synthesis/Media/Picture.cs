using System.Security.Cryptography;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>An 8-bit RGB picture without transparency.</summary>
/// <param name="Width">Width in pixels.</param>
/// <param name="Height">Height in pixels.</param>
/// <param name="Pixels">Rows from top to bottom, three bytes (red, green, blue) a pixel.</param>
public sealed record Picture(int Width, int Height, byte[] Pixels) : Stimulus
{
    /// <summary>Hash of the pixels alone, lower-case hexadecimal: the same for the same picture in another file format.</summary>
    public string PixelsSha256() => Convert.ToHexStringLower(SHA256.HashData(Pixels));

    /// <inheritdoc/>
    public override string ContentSha256() => PixelsSha256();

    /// <inheritdoc/>
    public override void Write(string path) => PictureFile.WritePng(this, path);

    /// <summary>The picture as a tensor [3,H,W], values 0 to 1.</summary>
    public override float[] ToTensor()
    {
        var plane = Width * Height;
        var tensor = new float[3 * plane];
        for (var i = 0; i < plane; i++)
            for (var channel = 0; channel < 3; channel++)
                tensor[channel * plane + i] = Pixels[3 * i + channel] / 255f;
        return tensor;
    }

    /// <summary>The nearest 8-bit picture to a tensor. Values are rounded (the published code truncates) and cut to 0 to 1.</summary>
    /// <param name="tensor">[3,H,W].</param>
    /// <param name="width">W.</param>
    /// <param name="height">H.</param>
    public static Picture FromTensor(ReadOnlySpan<float> tensor, int width, int height)
    {
        var plane = width * height;
        if (tensor.Length != 3 * plane)
            throw new ArgumentException($"A picture of {width} x {height} has {3 * plane} values, not {tensor.Length}.", nameof(tensor));
        var pixels = new byte[3 * plane];
        for (var i = 0; i < plane; i++)
            for (var channel = 0; channel < 3; channel++)
                pixels[3 * i + channel] = (byte)MathF.Round(Math.Clamp(tensor[channel * plane + i], 0f, 1f) * 255f);
        return new(width, height, pixels);
    }

    /// <summary>A square in the middle; of an odd remainder the left or upper side loses the smaller part.</summary>
    /// <param name="fraction">Its side as a fraction of the shorter side, above 0 to 1.</param>
    public Picture CentreSquare(double fraction = 1)
    {
        var side = Math.Max(1, (int)Math.Round(fraction * Math.Min(Width, Height)));
        return Crop((Width - side) / 2, (Height - side) / 2, side, side);
    }

    /// <summary>A part of the picture.</summary>
    /// <param name="left">Its first column.</param>
    /// <param name="top">Its first row.</param>
    /// <param name="width">Its width in pixels.</param>
    /// <param name="height">Its height in pixels; the part lies within the picture.</param>
    public Picture Crop(int left, int top, int width, int height)
    {
        if (width == Width && height == Height)
            return this;
        var pixels = new byte[3 * width * height];
        for (var row = 0; row < height; row++)
            Array.Copy(Pixels, 3 * ((top + row) * Width + left), pixels, 3 * row * width, 3 * width);
        return new(width, height, pixels);
    }

    /// <summary>Left and right exchanged.</summary>
    public Picture Mirrored()
    {
        var pixels = new byte[Pixels.Length];
        for (var row = 0; row < Height; row++)
            for (var column = 0; column < Width; column++)
                Pixels.AsSpan(3 * (row * Width + column), 3).CopyTo(pixels.AsSpan(3 * (row * Width + Width - 1 - column)));
        return new(Width, Height, pixels);
    }

    /// <summary>Another size by antialiased cubic resampling (<see cref="CubicResize"/>).</summary>
    public Picture Resize(int width, int height) => width == Width && height == Height ? this : CubicResize.Apply(this, width, height);

    /// <summary>Cropped and resized as a pipeline asks. A picture that has the size already, as every metamer has, stays as it is.</summary>
    /// <param name="width">Width wanted in pixels.</param>
    /// <param name="height">Height wanted in pixels.</param>
    /// <param name="crop"><c>centre-square</c> or <c>squash</c>.</param>
    /// <param name="cropFraction">Side of the square as a fraction of the shorter side, above 0 to 1.</param>
    public Picture Fit(int width, int height, string crop, double cropFraction = 1) =>
        width == Width && height == Height ? this : (crop == "squash" ? this : CentreSquare(cropFraction)).Resize(width, height);
}
