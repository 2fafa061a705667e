using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class PictureTests
{
    [Fact]
    public void A_picture_that_fits_stays_as_it_is_and_another_is_cropped_first()
    {
        // Not square, as a model may want it: cutting the square out of it once more would distort it.
        var picture = TestPictures.Waves(12, 8, 1);
        Assert.Same(picture, picture.Fit(12, 8, "centre-square"));
        Assert.Equal(picture.CentreSquare().Resize(24, 16).Pixels, picture.Fit(24, 16, "centre-square").Pixels);
        Assert.Equal(picture.Resize(24, 16).Pixels, picture.Fit(24, 16, "squash").Pixels);
    }

    [Fact]
    public void The_centre_square_is_cut_from_the_middle()
    {
        var wide = new Picture(4, 2, [1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4, 4, 5, 5, 5, 6, 6, 6, 7, 7, 7, 8, 8, 8]);
        var square = wide.CentreSquare();
        Assert.Equal((2, 2), (square.Width, square.Height));
        Assert.Equal([2, 2, 2, 3, 3, 3, 6, 6, 6, 7, 7, 7], square.Pixels);
    }

    [Fact]
    public void A_part_of_the_square_is_cut_as_torchvision_cuts_after_resizing()
    {
        // Resize(256), CenterCrop(224) of 512 x 640 keeps the middle 448 x 448.
        var picture = TestPictures.Waves(512, 640, 1);
        Assert.Equal(picture.Crop(32, 96, 448, 448).Resize(224, 224).Pixels, picture.Fit(224, 224, "centre-square", 224d / 256).Pixels);
        Assert.Equal((1, 1), (TestPictures.Waves(12, 8, 1).CentreSquare(0.01).Width, TestPictures.Waves(12, 8, 1).CentreSquare(0.01).Height));
    }

    [Fact]
    public void Tensor_values_are_rounded_not_cut_off()
    {
        float[] tensor = [0.5f / 255, 1.6f / 255, -1f, 2f, 0.9999f, 100.4f / 255];
        Assert.Equal([0, 255, 2, 255, 0, 100], Shuffle(Picture.FromTensor(tensor, 2, 1)));

        // The order in the picture is red, green, blue of the first pixel, then of the second.
        static byte[] Shuffle(Picture p) => [p.Pixels[0], p.Pixels[4], p.Pixels[3], p.Pixels[4], p.Pixels[1], p.Pixels[5]];
    }

    [Fact]
    public void A_picture_survives_the_way_to_a_tensor_and_back()
    {
        var picture = TestPictures.Waves(13, 7, 5);
        Assert.Equal(picture.Pixels, Picture.FromTensor(picture.ToTensor(), 13, 7).Pixels);
    }

    [Fact]
    public void Resizing_keeps_what_is_even_and_does_not_alias()
    {
        var even = new Picture(100, 60, Enumerable.Repeat((byte)137, 18000).ToArray());
        Assert.All(even.Resize(33, 47).Pixels, value => Assert.Equal(137, value));

        // A chequerboard of single pixels has no detail left at an eighth of its size.
        var chequered = new byte[3 * 64 * 64];
        for (var i = 0; i < 64 * 64; i++)
            chequered.AsSpan(3 * i, 3).Fill((byte)((i % 64 + i / 64) % 2 * 255));
        Assert.All(new Picture(64, 64, chequered).Resize(8, 8).Pixels, value => Assert.InRange(value, 125, 130));
    }

    [Fact]
    public void Halving_follows_the_cubic_kernel()
    {
        // Keys' kernel (a = -0.5) stretched by two, at the offsets 0.25, 0.75, 1.25, 1.75 of a picture halved: computed by hand below.
        static double Kernel(double x) => x < 1 ? 1.5 * x * x * x - 2.5 * x * x + 1 : -0.5 * x * x * x + 2.5 * x * x - 4 * x + 2;
        double[] weights = [Kernel(1.75), Kernel(1.25), Kernel(0.75), Kernel(0.25), Kernel(0.25), Kernel(0.75), Kernel(1.25), Kernel(1.75)];
        byte[] row = [10, 40, 90, 160, 250, 30, 80, 120];
        var expected = weights.Zip(row, (w, v) => w * v).Sum() / weights.Sum();
        var picture = new Picture(16, 1, [.. Enumerable.Repeat((byte)0, 12), .. row.SelectMany(v => new[] { v, v, v }), .. Enumerable.Repeat((byte)0, 12)]);
        // The kernel of output 3 covers inputs 3 to 10 around the centre 7; shift the row there.
        var shifted = new Picture(16, 1, [.. picture.Pixels.AsSpan(3), .. picture.Pixels.AsSpan(0, 3)]);
        Assert.Equal((byte)Math.Floor(expected + 0.5), shifted.Resize(8, 1).Pixels[9]);
    }
}
