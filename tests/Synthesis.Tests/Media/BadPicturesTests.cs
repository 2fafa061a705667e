using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using SkiaSharp;

namespace PerceptionStudy.Synthesis.Tests.Media;

/// <summary>What people upload besides plain pictures: the right picture comes out, or one sentence, and nothing is left behind.</summary>
public sealed class BadPicturesTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    public static TheoryData<string, byte[], string> Refused => new()
    {
        { "bomb.png", PngFile.Write(30_000, 30_000, 8, 0, []), "it has 30000 x 30000 pixels; at most 64 million can be opened." },
        { "bomb.gif", [.. "GIF89a"u8, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0, 0, 0, 0, 255, 255, 255, 0x2c, 0, 0, 0, 0, 0xff, 0xff, 0xff, 0xff, 0, 2, 2, 0x44, 1, 0, 0x3b], "it has 65535 x 65535 pixels; at most 64 million can be opened." },
        { "letter.jpg", "%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\n%%EOF"u8.ToArray(), "it is not a PNG, JPEG, WebP, GIF or BMP file." },
        { "nothing.png", [], "it is not a PNG, JPEG, WebP, GIF or BMP file." },
        { "beginning.png", PngFile.Write(4, 4, 8, 2, new byte[4 * 13])[..20], "it is not a PNG, JPEG, WebP, GIF or BMP file." },
        { "moving.gif", Gif(frames: 3), "it is animated; save the one picture that is wanted as PNG." },
        { "moving.webp", Webp(frames: 2), "it is animated; save the one picture that is wanted as PNG." },
        { "moving.png", PngFile.Write(4, 4, 8, 2, new byte[4 * 13], ("acTL", [0, 0, 0, 2, 0, 0, 0, 0])), "it is animated; save the one picture that is wanted as PNG." },
    };

    [Theory, MemberData(nameof(Refused))]
    public void What_cannot_be_shown_is_refused_in_one_sentence_and_leaves_nothing(string name, byte[] file, string why)
    {
        File.WriteAllBytes(folder[name], file);
        var refused = Assert.Throws<SynthesisException>(() => PicturePreparation.Prepare(new(folder[name], folder["kept.png"], 8, 8)));
        Assert.Equal($"{name} is not a picture that can be read: {why}", refused.Message);
        Assert.Equal([folder[name]], Directory.GetFiles(folder.Path));
    }

    [Fact]
    public void A_gif_of_one_picture_is_read() => Assert.Equal([10, 20, 30], Read("still.gif", Gif(frames: 1)).Pixels);

    [Fact]
    public void Sixteen_bits_are_rounded_to_eight()
    {
        // Two pixels of a row: filter 0, then big-endian red, green and blue.
        byte[] row = [0, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x12, 0x34, 0x40, 0x40, 0xfe, 0xfe];
        var picture = Read("deep.png", PngFile.Write(2, 1, 16, 2, row));
        Assert.Equal((2, 1), (picture.Width, picture.Height));
        byte[] expected = [255, 128, 0, 18, 64, 254];
        Assert.All(picture.Pixels.Zip(expected), p => Assert.InRange(p.First, p.Second - 1, p.Second + 1));
    }

    [Fact]
    public void Grey_and_palettes_become_rgb()
    {
        Assert.Equal([7, 7, 7, 200, 200, 200], Read("grey.png", PngFile.Write(2, 1, 8, 0, [0, 7, 200])).Pixels);
        Assert.Equal([1, 2, 3, 9, 8, 7], Read("palette.png", PngFile.Write(2, 1, 8, 3, [0, 1, 0], ("PLTE", [9, 8, 7, 1, 2, 3]))).Pixels);
    }

    [Theory]
    [InlineData(255, 255, 255, 255, 255, 255, 255)] // no ink at all (the values of CMYK in JPEG files are inverted)
    [InlineData(0, 255, 255, 255, 0, 255, 255)]     // cyan
    [InlineData(255, 0, 255, 255, 255, 0, 255)]     // magenta
    [InlineData(255, 255, 255, 0, 0, 0, 0)]         // black
    public void A_cmyk_jpeg_has_its_colours(int c, int m, int y, int k, int red, int green, int blue)
    {
        var picture = Read("print.jpg", CmykJpeg.Flat((byte)c, (byte)m, (byte)y, (byte)k));
        Assert.Equal((8, 8), (picture.Width, picture.Height));
        byte[] expected = [(byte)red, (byte)green, (byte)blue];
        Assert.All(picture.Pixels.Chunk(3), pixel => Assert.All(pixel.Zip(expected), p => Assert.InRange(p.First, p.Second - 3, p.Second + 3)));
    }

    [Theory]
    [InlineData(1, "ab/cd")]
    [InlineData(2, "ba/dc")]
    [InlineData(3, "dc/ba")]
    [InlineData(4, "cd/ab")]
    [InlineData(5, "ac/bd")]
    [InlineData(6, "ca/db")]
    [InlineData(7, "db/ca")]
    [InlineData(8, "bd/ac")]
    public void Every_orientation_of_a_camera_is_applied(byte orientation, string upright)
    {
        // Quarters of four greys, a b over c d, stored as they are.
        var greys = new Dictionary<char, byte> { ['a'] = 20, ['b'] = 90, ['c'] = 160, ['d'] = 230 };
        using var bitmap = new SKBitmap(new SKImageInfo(32, 32, SKColorType.Rgba8888, SKAlphaType.Opaque));
        for (var y = 0; y < 32; y++)
            for (var x = 0; x < 32; x++)
                bitmap.SetPixel(x, y, Grey(greys["abcd"[(y / 16 * 2) + (x / 16)]]));
        var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95)!.ToArray();
        byte[] exif = [0xff, 0xe1, 0, 34, .. "Exif"u8, 0, 0, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0];
        var picture = Read("turned.jpg", [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)]);
        var seen = string.Concat("ab/cd".Select((slot, i) => slot == '/' ? '/' : greys.MinBy(g => Math.Abs(g.Value - At(picture, i % 3 * 16 + 8, i / 3 * 16 + 8))).Key));
        Assert.Equal(upright, seen);

        static SKColor Grey(byte level) => new(level, level, level);
        static byte At(Picture picture, int x, int y) => picture.Pixels[3 * (y * picture.Width + x)];
    }

    [Fact]
    public void A_file_that_is_too_large_is_not_even_read()
    {
        using (var file = File.Create(folder["huge.png"]))
            file.SetLength(PictureFile.MostBytes + 1);
        Assert.Equal("huge.png is not a picture that can be read: the file is larger than 512 MB.", Assert.Throws<SynthesisException>(() => PictureFile.Read(folder["huge.png"])).Message);
    }

    private Picture Read(string name, byte[] file)
    {
        File.WriteAllBytes(folder[name], file);
        return PictureFile.Read(folder[name]);
    }

    // A still picture's data as every frame of an animation: RIFF, WEBP, then chunks.
    private static byte[] Webp(int frames)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(8, 8, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(SKColors.Teal);
        using var pixmap = bitmap.PeekPixels();
        var still = pixmap.Encode(new SKWebpEncoderOptions(SKWebpEncoderCompression.Lossless, 100))!.ToArray();
        byte[] body =
        [
            .. "WEBP"u8, .. Chunk("VP8X", [2, 0, 0, 0, 7, 0, 0, 7, 0, 0]), .. Chunk("ANIM", [0, 0, 0, 0, 0, 0]),
            .. Enumerable.Range(0, frames).SelectMany(_ => Chunk("ANMF", [0, 0, 0, 0, 0, 0, 7, 0, 0, 7, 0, 0, 100, 0, 0, 0, .. still.AsSpan(12)])),
        ];
        return [.. "RIFF"u8, .. BitConverter.GetBytes(body.Length), .. body];

        static byte[] Chunk(string kind, byte[] data) => [.. System.Text.Encoding.ASCII.GetBytes(kind), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[data.Length % 2]];
    }

    private static byte[] Gif(int frames) =>
    [
        .. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 0, 0, 0,
        .. Enumerable.Range(0, frames).SelectMany(_ => new byte[] { 0x21, 0xf9, 4, 0, 10, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0 }), 0x3b,
    ];
}
