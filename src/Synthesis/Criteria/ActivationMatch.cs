using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Criteria;

/// <summary>
/// How alike two activations of one stage are: the measures of Feather et al. (2023), <c>tools/distance_measures.py</c>, on the flattened activations,
/// summed in float64.
/// </summary>
/// <remarks>
/// Undefined cases, decided: a correlation with an activation that is the same everywhere is 0; an activation that is 0 everywhere gives 0 for
/// all measures (as published); equal activations have an infinite ratio, reported as <see cref="LargestSnrDb"/> so that it can be written as a number.
/// </remarks>
public static class ActivationMatch
{
    /// <summary>What equal activations get as true decibels; the paper's value is half of it. Float32 activations cannot reach it otherwise.</summary>
    public const double LargestSnrDb = 300;

    /// <summary>All three measures.</summary>
    /// <param name="natural">Activation of the natural picture.</param>
    /// <param name="other">Activation of the metamer, or of the other picture of a null pair. The same length.</param>
    public static MatchMeasures Measure(ReadOnlySpan<float> natural, ReadOnlySpan<float> other) =>
        new(Spearman(natural, other), Pearson(natural, other), PaperSnrDb(natural, other));

    /// <summary>Spearman's rank correlation: Pearson's of the <see cref="Ranks"/>.</summary>
    public static double Spearman(ReadOnlySpan<float> a, ReadOnlySpan<float> b) => Pearson(Ranks.Of(a), Ranks.Of(b));

    /// <summary>Pearson's product-moment correlation r, −1 to 1 (the published text says R², its code computes r).</summary>
    public static double Pearson(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        RequireSameLength(a, b);
        var (meanA, meanB) = (Mean(a), Mean(b));
        double both = 0, ownA = 0, ownB = 0;
        for (var i = 0; i < a.Length; i++)
        {
            var (x, y) = (a[i] - meanA, b[i] - meanB);
            both += x * y;
            ownA += x * x;
            ownB += y * y;
        }
        return ownA == 0 || ownB == 0 ? 0 : Math.Clamp(both / Math.Sqrt(ownA * ownB), -1, 1);
    }

    /// <summary>10·log10(‖natural‖ / ‖natural − other‖): the published code's "dB SNR", half the usual decibels.</summary>
    public static double PaperSnrDb(ReadOnlySpan<float> natural, ReadOnlySpan<float> other) => SnrDb(natural, other) / 2;

    /// <summary>20·log10(‖natural‖ / ‖natural − other‖): decibels as everyone else counts them.</summary>
    public static double SnrDb(ReadOnlySpan<float> natural, ReadOnlySpan<float> other)
    {
        RequireSameLength(natural, other);
        double signal = 0, otherSignal = 0, noise = 0;
        for (var i = 0; i < natural.Length; i++)
        {
            double a = natural[i], b = other[i];
            signal += a * a;
            otherSignal += b * b;
            noise += (a - b) * (a - b);
        }
        if (signal == 0 || otherSignal == 0)
            return 0;
        return noise == 0 ? LargestSnrDb : Math.Min(LargestSnrDb, 10 * Math.Log10(signal / noise));
    }

    /// <summary>The loss that a synthesis makes small: ‖other − natural‖ / ‖natural‖.</summary>
    /// <returns>NaN when the natural activation is 0 everywhere.</returns>
    public static double RelativeDistance(ReadOnlySpan<float> natural, ReadOnlySpan<float> other)
    {
        RequireSameLength(natural, other);
        double signal = 0, noise = 0;
        for (var i = 0; i < natural.Length; i++)
        {
            double a = natural[i], b = other[i];
            signal += a * a;
            noise += (a - b) * (a - b);
        }
        return Math.Sqrt(noise / signal);
    }

    private static double Mean(ReadOnlySpan<float> values)
    {
        var sum = 0d;
        foreach (var value in values)
            sum += value;
        return sum / values.Length;
    }

    private static void RequireSameLength(ReadOnlySpan<float> a, ReadOnlySpan<float> b)
    {
        if (a.Length != b.Length)
            throw new ArgumentException($"Two activations of one stage have the same length, not {a.Length} and {b.Length}.");
    }
}
