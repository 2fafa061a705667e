namespace PerceptionStudy.Synthesis.Media;

/// <summary>Integrated loudness of a sound by ITU-R BS.1770-4, of one channel.</summary>
public static class Loudness
{
    private const double BlockSeconds = 0.4, HopSeconds = 0.1, AbsoluteGateLufs = -70, RelativeGateLu = -10, Offset = -0.691;

    /// <summary>
    /// Mean square behind the K-weighting, in blocks of 400 ms that overlap by three quarters; blocks below −70 LUFS, and then those more than 10 LU below the mean of the others,
    /// do not count. A sound shorter than a block is one block.
    /// </summary>
    /// <param name="sound">The sound.</param>
    /// <returns>In LUFS, where a full-scale sine of 997 Hz has −3.01; null if no block reaches −70 LUFS.</returns>
    public static double? Of(Sound sound)
    {
        ArgumentNullException.ThrowIfNull(sound);
        var blocks = Blocks(Weighted(sound), (int)Math.Round(BlockSeconds * sound.RateHz), (int)Math.Round(HopSeconds * sound.RateHz)).Where(power => Lufs(power) > AbsoluteGateLufs).ToArray();
        if (blocks.Length == 0)
            return null;
        var gate = Lufs(blocks.Average()) + RelativeGateLu;
        return Lufs(blocks.Where(power => Lufs(power) > gate).Average());
    }

    private static double Lufs(double power) => Offset + 10 * Math.Log10(power);

    private static IEnumerable<double> Blocks(double[] values, int length, int hop)
    {
        if (values.Length < length)
            return values.Length == 0 ? [] : [values.Average(v => v * v)];
        return Enumerable.Range(0, (values.Length - length) / hop + 1).Select(b => values.AsSpan(b * hop, length).ToArray().Average(v => v * v));
    }

    // The recommendation gives both filters as coefficients for 48 kHz. These are the analogue filters whose bilinear transform has those coefficients there, transformed for the rate at hand.
    private static double[] Weighted(Sound sound)
    {
        double[] values = [.. sound.Samples.Select(v => (double)v)];
        var (k, q) = (Math.Tan(Math.PI * 1681.974450955533 / sound.RateHz), 0.7071752369554196);
        var high = Math.Pow(10, 3.999843853973347 / 20);
        var band = Math.Pow(high, 0.4996667741545416);
        Filter(values, [high + band * k / q + k * k, 2 * (k * k - high), high - band * k / q + k * k], k, q);
        (k, q) = (Math.Tan(Math.PI * 38.13547087602444 / sound.RateHz), 0.5003270373238773);
        // The recommendation's high-pass has a numerator of 1, −2, 1 at every rate.
        var scale = 1 + k / q + k * k;
        Filter(values, [scale, -2 * scale, scale], k, q);
        return values;
    }

    // Direct form II transposed, in place; the poles are those of the bilinear transform of s² + s/q + 1.
    private static void Filter(double[] values, double[] numerator, double k, double q)
    {
        var a0 = 1 + k / q + k * k;
        var (b0, b1, b2) = (numerator[0] / a0, numerator[1] / a0, numerator[2] / a0);
        var (a1, a2) = (2 * (k * k - 1) / a0, (1 - k / q + k * k) / a0);
        double first = 0, second = 0;
        for (var i = 0; i < values.Length; i++)
        {
            var x = values[i];
            var y = b0 * x + first;
            (first, second) = (b1 * x - a1 * y + second, b2 * x - a2 * y);
            values[i] = y;
        }
    }
}
