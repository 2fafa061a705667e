using System.Text;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using SkiaSharp;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class PictureFileTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_png_comes_back_with_every_pixel_and_the_same_bytes_each_time()
    {
        var picture = TestPictures.Waves(31, 17, 1);
        PictureFile.WritePng(picture, folder["a.png"]);
        PictureFile.WritePng(picture, folder["b.png"]);
        var read = PictureFile.Read(folder["a.png"]);
        Assert.Equal((31, 17), (read.Width, read.Height));
        Assert.Equal(picture.Pixels, read.Pixels);
        Assert.Equal(File.ReadAllBytes(folder["a.png"]), File.ReadAllBytes(folder["b.png"]));
    }

    [Theory]
    [InlineData(SKEncodedImageFormat.Jpeg, "photo.jpg")]
    [InlineData(SKEncodedImageFormat.Webp, "photo.webp")]
    public void Lossy_formats_are_read_to_nearly_the_same_picture(SKEncodedImageFormat format, string name)
    {
        using var bitmap = new SKBitmap(new SKImageInfo(40, 40, SKColorType.Rgba8888, SKAlphaType.Opaque));
        bitmap.Erase(new SKColor(200, 100, 50));
        File.WriteAllBytes(folder[name], bitmap.Encode(format, 95)!.ToArray());
        var read = PictureFile.Read(folder[name]);
        Assert.Equal((40, 40), (read.Width, read.Height));
        Assert.InRange(read.Pixels[0], 195, 205);
        Assert.InRange(read.Pixels[1], 95, 105);
        Assert.InRange(read.Pixels[2], 45, 55);
    }

    [Fact]
    public void A_bmp_and_a_gif_are_read()
    {
        // 2 x 1 pixels, 24 bit: blue-green-red order, rows padded to four bytes.
        byte[] bmp = [.. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 1, 0, 0, 0, 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 0, 0];
        File.WriteAllBytes(folder["a.bmp"], bmp);
        Assert.Equal([3, 2, 1, 6, 5, 4], PictureFile.Read(folder["a.bmp"]).Pixels);
        byte[] gif = [.. "GIF89a"u8, 1, 0, 1, 0, 0x80, 0, 0, 10, 20, 30, 0, 0, 0, 0x2c, 0, 0, 0, 0, 1, 0, 1, 0, 0, 2, 2, 0x44, 1, 0, 0x3b];
        File.WriteAllBytes(folder["a.gif"], gif);
        Assert.Equal([10, 20, 30], PictureFile.Read(folder["a.gif"]).Pixels);
    }

    [Fact]
    public void Transparent_parts_lie_on_white()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(2, 1, SKColorType.Rgba8888, SKAlphaType.Unpremul));
        bitmap.SetPixel(0, 0, new SKColor(0, 0, 0, 0));
        bitmap.SetPixel(1, 0, new SKColor(255, 0, 0, 128));
        File.WriteAllBytes(folder["t.png"], bitmap.Encode(SKEncodedImageFormat.Png, 100)!.ToArray());
        Assert.Equal([255, 255, 255, 255, 127, 127], PictureFile.Read(folder["t.png"]).Pixels);
    }

    [Fact]
    public void The_cameras_orientation_is_applied()
    {
        using var bitmap = new SKBitmap(new SKImageInfo(32, 16, SKColorType.Rgba8888, SKAlphaType.Opaque));
        using (var canvas = new SKCanvas(bitmap))
        {
            canvas.Clear(SKColors.Black);
            canvas.DrawRect(0, 0, 16, 16, new SKPaint { Color = SKColors.White });
        }
        var jpeg = bitmap.Encode(SKEncodedImageFormat.Jpeg, 95)!.ToArray();
        // Orientation 6: the camera was turned; the stored left side is the upper side.
        byte[] exif = [0xff, 0xe1, 0, 34, .. "Exif"u8, 0, 0, .. "MM"u8, 0, 42, 0, 0, 0, 8, 0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0];
        File.WriteAllBytes(folder["turned.jpg"], [.. jpeg.AsSpan(0, 2), .. exif, .. jpeg.AsSpan(2)]);
        var read = PictureFile.Read(folder["turned.jpg"]);
        Assert.Equal((16, 32), (read.Width, read.Height));
        Assert.True(read.Pixels[3 * (4 * 16 + 8)] > 200, "the upper half is white");
        Assert.True(read.Pixels[3 * (28 * 16 + 8)] < 50, "the lower half is black");
    }

    [Fact]
    public void What_is_no_picture_is_named_and_explained()
    {
        File.WriteAllText(folder["letter.png"], "Dear Sir or Madam");
        Assert.Equal("letter.png is not a picture that can be read: it is not a PNG, JPEG, WebP, GIF or BMP file.",
            Assert.Throws<SynthesisException>(() => PictureFile.Read(folder["letter.png"])).Message);

        var png = PictureFile.Png(TestPictures.Waves(60, 60, 2));
        File.WriteAllBytes(folder["half.png"], png[..(png.Length / 2)]);
        Assert.StartsWith("half.png is not a picture that can be read: ", Assert.Throws<SynthesisException>(() => PictureFile.Read(folder["half.png"])).Message, StringComparison.Ordinal);

        Assert.Equal($"There is no file {folder["none.png"]}.", Assert.Throws<SynthesisException>(() => PictureFile.Read(folder["none.png"])).Message);
    }

    [Fact]
    public void A_small_file_that_claims_a_huge_size_is_refused_before_it_is_decoded()
    {
        byte[] bmp = [.. "BM"u8, 62, 0, 0, 0, 0, 0, 0, 0, 54, 0, 0, 0, 40, 0, 0, 0, .. BitConverter.GetBytes(30000), .. BitConverter.GetBytes(30000), 1, 0, 24, 0, 0, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
        File.WriteAllBytes(folder["bomb.bmp"], bmp);
        Assert.Equal("bomb.bmp is not a picture that can be read: it has 30000 x 30000 pixels; at most 64 million can be opened.",
            Assert.Throws<SynthesisException>(() => PictureFile.Read(folder["bomb.bmp"])).Message);
    }

    [Fact]
    public void Broken_files_of_every_kind_give_a_sentence_and_never_anything_else()
    {
        var png = PictureFile.Png(TestPictures.Waves(24, 24, 3));
        var random = new Random(7);
        var refused = 0;
        for (var i = 0; i < 200; i++)
        {
            var broken = (byte[])png.Clone();
            for (var k = 0; k < 8; k++)
                broken[random.Next(broken.Length)] = (byte)random.Next(256);
            File.WriteAllBytes(folder["broken.png"], broken);
            try
            {
                PictureFile.Read(folder["broken.png"]);
            }
            catch (SynthesisException e)
            {
                Assert.StartsWith("broken.png is not a picture that can be read: ", e.Message, StringComparison.Ordinal);
                Assert.Contains(e.Message[^1], ".");
                refused++;
            }
        }
        Assert.True(refused > 100, $"{refused} of 200 broken files were refused");
    }

    [Fact]
    public void Encoded_text_is_no_picture() =>
        Assert.Equal("x.svg is not a picture that can be read: it is not a PNG, JPEG, WebP, GIF or BMP file.", Refused("x.svg", "<svg/>"));

    private string Refused(string name, string text)
    {
        File.WriteAllText(folder[name], text, Encoding.UTF8);
        return Assert.Throws<SynthesisException>(() => PictureFile.Read(folder[name])).Message;
    }
}
