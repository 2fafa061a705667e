using System.Buffers.Binary;
using PerceptionStudy.Synthesis.Hosting;
using SkiaSharp;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Reads pictures of people's own making, and writes PNG files.</summary>
public static class PictureFile
{
    /// <summary>Most pixels of a picture that is opened: 64 million. A small file can claim any size.</summary>
    public const long MostPixels = 64_000_000;

    /// <summary>Largest file that is opened: 512 MB, more than so many pixels need in any of the formats.</summary>
    public const long MostBytes = 512_000_000;

    private static readonly SKEncodedImageFormat[] Formats =
        [SKEncodedImageFormat.Png, SKEncodedImageFormat.Jpeg, SKEncodedImageFormat.Webp, SKEncodedImageFormat.Gif, SKEncodedImageFormat.Bmp];

    /// <summary>
    /// Reads PNG, JPEG, WebP, GIF or BMP. An embedded colour profile is applied (the result is sRGB), the camera's orientation too; transparent
    /// parts lie on white, as browsers show them; 16 bits are rounded to 8; CMYK becomes RGB. An animation is refused: which of its pictures
    /// people shall see is not for a program to guess.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="SynthesisException">The file is absent, is no such picture, is cut off, is animated, or is too large.</exception>
    public static Picture Read(string path)
    {
        var name = Path.GetFileName(path);
        using var data = Load(path);
        using var codec = SKCodec.Create(data) ?? throw Unreadable(name, "it is not a PNG, JPEG, WebP, GIF or BMP file");
        if (!Formats.Contains(codec.EncodedFormat))
            throw Unreadable(name, $"it is a {codec.EncodedFormat} file; PNG, JPEG, WebP, GIF and BMP can be read");
        if (codec.FrameCount > 1 || IsAnimatedPng(data.AsSpan()))
            throw Unreadable(name, "it is animated; save the one picture that is wanted as PNG");
        var pixels = (long)codec.Info.Width * codec.Info.Height;
        if (pixels > MostPixels)
            throw Unreadable(name, $"it has {codec.Info.Width} x {codec.Info.Height} pixels; at most {MostPixels / 1_000_000} million can be opened");
        using var bitmap = new SKBitmap(new SKImageInfo(codec.Info.Width, codec.Info.Height, SKColorType.Rgba8888, SKAlphaType.Unpremul, SKColorSpace.CreateSrgb()));
        var result = codec.GetPixels(bitmap.Info, bitmap.GetPixels());
        if (result != SKCodecResult.Success)
            throw Unreadable(name, result == SKCodecResult.IncompleteInput ? "the file is cut off" : $"its data are damaged ({result})");
        return Upright(OnWhite(bitmap), codec.EncodedOrigin);
    }

    /// <summary>Writes an 8-bit RGB PNG; the same picture gives the same bytes. The file appears whole or not at all.</summary>
    /// <param name="picture">The picture.</param>
    /// <param name="path">Where.</param>
    public static void WritePng(Picture picture, string path) => WholeFile.Write(path, Png(picture));

    /// <summary>The bytes of an 8-bit RGB PNG without metadata, by the pinned SkiaSharp's encoder at fixed settings.</summary>
    public static byte[] Png(Picture picture)
    {
        using var bitmap = Bitmap(picture);
        using var pixmap = bitmap.PeekPixels();
        using var encoded = pixmap.Encode(new SKPngEncoderOptions(SKPngEncoderFilterFlags.AllFilters, 6));
        return encoded?.ToArray() ?? throw new InvalidOperationException("The picture could not be encoded as PNG.");
    }

    /// <summary>The bytes of a JPEG of quality 85: for thumbnails only, because it changes the pixels.</summary>
    internal static byte[] Jpeg(Picture picture)
    {
        using var bitmap = Bitmap(picture);
        using var pixmap = bitmap.PeekPixels();
        using var encoded = pixmap.Encode(SKEncodedImageFormat.Jpeg, 85);
        return encoded?.ToArray() ?? throw new InvalidOperationException("The picture could not be encoded as JPEG.");
    }

    private static SKBitmap Bitmap(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        var bitmap = new SKBitmap(new SKImageInfo(picture.Width, picture.Height, SKColorType.Rgba8888, SKAlphaType.Opaque));
        var target = bitmap.GetPixelSpan();
        for (int i = 0, n = picture.Width * picture.Height; i < n; i++)
        {
            picture.Pixels.AsSpan(3 * i, 3).CopyTo(target[(4 * i)..]);
            target[4 * i + 3] = 255;
        }
        return bitmap;
    }

    private static SKData Load(string path)
    {
        if (!File.Exists(path))
            throw new SynthesisException($"There is no file {path}.");
        if (new FileInfo(path).Length > MostBytes)
            throw Unreadable(Path.GetFileName(path), $"the file is larger than {MostBytes / 1_000_000} MB");
        return SKData.CreateCopy(File.ReadAllBytes(path));
    }

    // The decoder shows an animated PNG as a still one. The chunk that tells it (acTL) comes before the first data.
    private static bool IsAnimatedPng(ReadOnlySpan<byte> file)
    {
        ReadOnlySpan<byte> signature = [0x89, (byte)'P', (byte)'N', (byte)'G', 13, 10, 26, 10];
        if (!file.StartsWith(signature))
            return false;
        for (var rest = file[signature.Length..]; rest.Length >= 12;)
        {
            var length = BinaryPrimitives.ReadUInt32BigEndian(rest);
            var kind = rest.Slice(4, 4);
            if (kind.SequenceEqual("acTL"u8))
                return true;
            if (kind.SequenceEqual("IDAT"u8) || length > rest.Length - 12)
                return false;
            rest = rest[(int)(length + 12)..];
        }
        return false;
    }

    private static Picture OnWhite(SKBitmap bitmap)
    {
        var from = bitmap.GetPixelSpan();
        var pixels = new byte[3 * bitmap.Width * bitmap.Height];
        for (int i = 0, n = bitmap.Width * bitmap.Height; i < n; i++)
        {
            var alpha = from[4 * i + 3];
            for (var channel = 0; channel < 3; channel++)
                pixels[3 * i + channel] = (byte)((from[4 * i + channel] * alpha + 255 * (255 - alpha) + 127) / 255);
        }
        return new(bitmap.Width, bitmap.Height, pixels);
    }

    // The eight orientations of EXIF: where the stored picture's pixel (x, y) of the upright one is found.
    private static Picture Upright(Picture stored, SKEncodedOrigin origin)
    {
        if (origin is SKEncodedOrigin.TopLeft or SKEncodedOrigin.Default)
            return stored;
        var turned = origin >= SKEncodedOrigin.LeftTop;
        var (width, height) = turned ? (stored.Height, stored.Width) : (stored.Width, stored.Height);
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
            {
                var (fromX, fromY) = origin switch
                {
                    SKEncodedOrigin.TopRight => (width - 1 - x, y),
                    SKEncodedOrigin.BottomRight => (width - 1 - x, height - 1 - y),
                    SKEncodedOrigin.BottomLeft => (x, height - 1 - y),
                    SKEncodedOrigin.LeftTop => (y, x),
                    SKEncodedOrigin.RightTop => (y, width - 1 - x),
                    SKEncodedOrigin.RightBottom => (height - 1 - y, width - 1 - x),
                    _ => (height - 1 - y, x),
                };
                stored.Pixels.AsSpan(3 * (fromY * stored.Width + fromX), 3).CopyTo(pixels.AsSpan(3 * (y * width + x)));
            }
        return new(width, height, pixels);
    }

    private static SynthesisException Unreadable(string name, string why) => new($"{name} is not a picture that can be read: {why}.");
}
