namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>
/// Random numbers whose every bit is laid down here, so that a seed means the same picture on every machine and under every version of .NET:
/// SplitMix64 (Steele, Lea and Flood 2014) for uniform bits, Marsaglia's polar method (1964) for normal numbers, with a logarithm
/// made of IEEE additions, multiplications and divisions only (the system's own may differ in the last bit).
/// </summary>
/// <param name="seed">Any number; equal seeds give equal numbers.</param>
public sealed class NoiseSource(long seed)
{
    private ulong state = unchecked((ulong)seed);
    private double? spare;

    /// <summary>64 random bits.</summary>
    public ulong Bits()
    {
        unchecked
        {
            var z = state += 0x9E3779B97F4A7C15;
            z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
            z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
            return z ^ (z >> 31);
        }
    }

    /// <summary>Uniform in [0, 1), a multiple of 2^-53.</summary>
    public double Uniform() => (Bits() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform whole number in [0, <paramref name="end"/>), without bias.</summary>
    /// <param name="end">At least 1.</param>
    public long Below(long end)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(end, 1);
        var range = (ulong)end;
        var usable = ulong.MaxValue - ulong.MaxValue % range;
        ulong bits;
        do
            bits = Bits();
        while (bits >= usable);
        return (long)(bits % range);
    }

    /// <summary>Normal with mean 0 and standard deviation 1.</summary>
    public double Normal()
    {
        if (spare is { } kept)
        {
            spare = null;
            return kept;
        }
        double u, v, s;
        do
        {
            u = 2 * Uniform() - 1;
            v = 2 * Uniform() - 1;
            s = u * u + v * v;
        }
        while (s is >= 1 or 0);
        var factor = Math.Sqrt(-2 * Logarithm(s) / s);
        spare = v * factor;
        return u * factor;
    }

    /// <summary>The seed of the noise with which a synthesis begins, or begins anew: far from those of its neighbours, so that no two syntheses share a start.</summary>
    /// <param name="seed">The synthesis' seed.</param>
    /// <param name="start">Which start: 0 is the first, whose seed is the synthesis' own.</param>
    public static int SeedOfStart(int seed, int start) => unchecked(seed + (start * 1_000_000_007));

    /// <summary>Where a synthesis starts: normal noise, without other numbers that of pictures (Feather et al. 2023).</summary>
    /// <param name="seed">Seed; all stages of one stimulus start from the same noise.</param>
    /// <param name="count">Number of values, in the order of the tensor.</param>
    /// <param name="mean">Mean.</param>
    /// <param name="deviation">Standard deviation.</param>
    /// <param name="low">What is lower is cut to this.</param>
    /// <param name="high">What is higher is cut to this.</param>
    public static float[] Start(int seed, int count, double mean = 0.5, double deviation = 0.05, double low = 0, double high = 1)
    {
        var source = new NoiseSource(seed);
        var values = new float[count];
        for (var i = 0; i < count; i++)
            values[i] = (float)Math.Clamp(mean + deviation * source.Normal(), low, high);
        return values;
    }

    /// <summary>Natural logarithm of a positive normal number, to about one unit in the last place.</summary>
    internal static double Logarithm(double x)
    {
        var bits = BitConverter.DoubleToInt64Bits(x);
        var exponent = (int)(bits >> 52) - 1023;
        var mantissa = BitConverter.Int64BitsToDouble((bits & 0xFFFFFFFFFFFFF) | 0x3FF0000000000000);
        if (mantissa > 1.4142135623730951)
        {
            mantissa /= 2;
            exponent++;
        }
        // ln m = 2 artanh((m − 1)/(m + 1)); |t| < 0.172, so that 12 terms pass the last bit.
        var t = (mantissa - 1) / (mantissa + 1);
        var square = t * t;
        var sum = 0d;
        for (var k = 23; k >= 1; k -= 2)
            sum = sum * square + 1.0 / k;
        return 2 * t * sum + exponent * 0.6931471805599453;
    }
}
