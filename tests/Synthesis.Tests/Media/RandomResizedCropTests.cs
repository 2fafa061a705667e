using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class RandomResizedCropTests
{
    [Fact]
    public void Crops_lie_within_the_picture_and_have_the_areas_and_sides_of_training()
    {
        var random = new NoiseSource(1);
        var areas = new List<double>();
        for (var i = 0; i < 2000; i++)
        {
            var (left, top, width, height) = RandomResizedCrop.Window(320, 240, random);
            Assert.True(left >= 0 && top >= 0 && left + width <= 320 && top + height <= 240);
            Assert.InRange((double)width / height, 0.72, 1.38);
            areas.Add((double)width * height / (320 * 240));
        }
        Assert.InRange(areas.Min(), 0.075, 0.1);
        Assert.InRange(areas.Max(), 0.9, 1);
        // Uniform from 0.08 to 1, thinned out at the top, where not every shape fits.
        Assert.InRange(areas.Average(), 0.38, 0.5);
    }

    [Fact]
    public void A_very_long_picture_gives_the_middle()
    {
        var windows = Enumerable.Range(0, 50).Select(seed => RandomResizedCrop.Window(5000, 10, new NoiseSource(seed))).ToArray();
        Assert.All(windows, w => Assert.InRange(w.Width, 1, 14));
        Assert.Contains((2493, 0, 13, 10), windows);
    }

    [Fact]
    public void About_half_of_the_views_are_mirrored()
    {
        // Dark on the left, bright on the right.
        var ramp = new Picture(64, 64, [.. Enumerable.Range(0, 64 * 64).SelectMany(i => Enumerable.Repeat((byte)(4 * (i % 64)), 3))]);
        var random = new NoiseSource(3);
        var mirrored = Enumerable.Range(0, 400).Count(_ => RandomResizedCrop.Of(ramp, 16, 16, random) is var view && view.Pixels[0] > view.Pixels[3 * 15]);
        Assert.InRange(mirrored, 160, 240);
    }

    [Fact]
    public void A_crop_takes_the_pixels_that_it_names()
    {
        var picture = TestPictures.Waves(9, 7, 1);
        var part = picture.Crop(2, 3, 4, 2);
        Assert.Equal((4, 2), (part.Width, part.Height));
        Assert.Equal(picture.Pixels[(3 * (4 * 9 + 2))..(3 * (4 * 9 + 6))], part.Pixels[12..]);
        Assert.Equal(picture.Pixels, picture.Mirrored().Mirrored().Pixels);
        Assert.Equal(picture.Pixels[..3], picture.Mirrored().Pixels[24..27]);
    }
}
