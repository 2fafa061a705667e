using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>
/// The usual augmentation of ImageNet training, as torchvision's <c>RandomResizedCrop</c> and <c>RandomHorizontalFlip</c> with their defaults:
/// a crop of 8 to 100 percent of the area whose sides are as 3:4 to 4:3 (log-uniform), resized to the model's input, mirrored half of the time.
/// Deviation: resized by <see cref="CubicResize"/>, as all pictures here, and not bilinearly.
/// </summary>
public static class RandomResizedCrop
{
    private const int Attempts = 10;

    /// <summary>One random view of a picture.</summary>
    /// <param name="picture">Any picture.</param>
    /// <param name="width">Width of the view in pixels.</param>
    /// <param name="height">Height of the view in pixels.</param>
    /// <param name="random">Where chance comes from.</param>
    public static Picture Of(Picture picture, int width, int height, NoiseSource random)
    {
        ArgumentNullException.ThrowIfNull(picture);
        ArgumentNullException.ThrowIfNull(random);
        var (left, top, wide, high) = Window(picture.Width, picture.Height, random);
        var view = picture.Crop(left, top, wide, high).Resize(width, height);
        return random.Below(2) == 0 ? view : view.Mirrored();
    }

    /// <summary>The part of a picture that a view shows, in pixels.</summary>
    internal static (int Left, int Top, int Width, int Height) Window(int width, int height, NoiseSource random)
    {
        var (narrowest, widest) = (Math.Log(3 / 4d), Math.Log(4 / 3d));
        for (var attempt = 0; attempt < Attempts; attempt++)
        {
            var area = (0.08 + 0.92 * random.Uniform()) * width * height;
            var ratio = Math.Exp(narrowest + (widest - narrowest) * random.Uniform());
            var (w, h) = ((int)Math.Round(Math.Sqrt(area * ratio)), (int)Math.Round(Math.Sqrt(area / ratio)));
            if (w > 0 && w <= width && h > 0 && h <= height)
                return ((int)random.Below(width - w + 1), (int)random.Below(height - h + 1), w, h);
        }

        // No crop of that size fits a very long or very tall picture: the largest one in the middle that keeps to the ratios.
        var (fitWidth, fitHeight) = (Math.Min(width, (int)Math.Round(height * 4 / 3d)), Math.Min(height, (int)Math.Round(width * 4 / 3d)));
        return ((width - fitWidth) / 2, (height - fitHeight) / 2, fitWidth, fitHeight);
    }
}
