using MathNet.Numerics.Distributions;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Interval of a single proportion, where there is nothing to resample over: one participant, one stimulus, one cell.</summary>
public static class ProportionInterval
{
    /// <summary>Wilson's (1927) score interval, 95 %: it stays within 0 and 1 and has a width at 0 of n and n of n. Null without trials.</summary>
    public static Interval? Wilson(int correct, int trials)
    {
        if (trials == 0) return null;
        var z = Normal.InvCDF(0, 1, 0.975);
        var (n, p) = ((double)trials, (double)correct / trials);
        var centre = (p + z * z / (2 * n)) / (1 + z * z / n);
        var reach = z / (1 + z * z / n) * Math.Sqrt(p * (1 - p) / n + z * z / (4 * n * n));
        return new Interval(correct == 0 ? 0 : centre - reach, correct == trials ? 1 : centre + reach);
    }
}
