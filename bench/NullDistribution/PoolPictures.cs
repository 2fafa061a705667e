using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Bench.NullDistribution;

/// <summary>Pictures of the usual size of ImageNet's, 500 x 375: random plaids, each another.</summary>
internal static class PoolPictures
{
    public static string[] Write(string folder, int count) => [.. Enumerable.Range(0, count).Select(seed =>
    {
        var random = new Random(seed);
        var waves = Enumerable.Range(0, 6).Select(_ => (X: random.NextDouble() * 0.2, Y: random.NextDouble() * 0.2, Phase: random.NextDouble() * 6, Channel: random.Next(3))).ToArray();
        var pixels = new byte[3 * 500 * 375];
        for (var i = 0; i < pixels.Length; i++)
            pixels[i] = (byte)Math.Clamp(127.5 + waves.Where(w => w.Channel == i % 3).Sum(w => 50 * Math.Sin(w.X * (i / 3 % 500) + w.Y * (i / 1500) + w.Phase)) + random.Next(-20, 21), 0, 255);
        var path = Path.Combine(folder, $"pool-{seed}.png");
        PictureFile.WritePng(new(500, 375, pixels), path);
        return path;
    })];
}
