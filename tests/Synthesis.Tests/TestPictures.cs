using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests;

/// <summary>Pictures made in code.</summary>
public static class TestPictures
{
    /// <summary>A smooth picture with a different look for each seed.</summary>
    public static Picture Waves(int width, int height, int seed)
    {
        var random = new Random(seed);
        var (fx, fy, phase) = (random.NextDouble() * 6, random.NextDouble() * 6, random.NextDouble() * 6);
        var pixels = new byte[3 * width * height];
        for (var y = 0; y < height; y++)
            for (var x = 0; x < width; x++)
                for (var c = 0; c < 3; c++)
                    pixels[3 * (y * width + x) + c] = (byte)(127.5 + 100 * Math.Sin(fx * x / width * 6.28 + phase * (c + 1)) * Math.Cos(fy * y / height * 6.28) + random.Next(-20, 21));
        return new(width, height, pixels);
    }

    /// <summary>Writes <see cref="Waves"/> as PNG and returns the path.</summary>
    public static string Write(TestFolder folder, string name, int width, int height, int seed)
    {
        PictureFile.WritePng(Waves(width, height, seed), folder[name]);
        return folder[name];
    }
}
