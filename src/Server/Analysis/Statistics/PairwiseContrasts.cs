using MathNet.Numerics.Distributions;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>The difference of two means with its t-test.</summary>
/// <param name="First">What is subtracted from, for example <c>people</c> at a stage.</param>
/// <param name="Difference">Mean of the first less mean of the second.</param>
/// <param name="Interval">95 % confidence interval of the difference by the t distribution, for this contrast alone.</param>
/// <param name="T">Null where nothing varies; then <paramref name="P"/> and <paramref name="PHolm"/> are null too.</param>
/// <param name="PHolm">Corrected for all contrasts of the family by Holm's (1979) step-down.</param>
public sealed record Contrast(string First, string Second, string? Stage, double Difference, Interval? Interval, double? T, double Df, double? P, double? PHolm);

/// <summary>Pairwise contrasts after an analysis of variance, with Holm's correction over each family.</summary>
public static class PairwiseContrasts
{
    /// <summary>People against network at each stage: two-sample t without equal variances (Welch 1947), since observers are groups.</summary>
    public static IReadOnlyList<Contrast> ObserversAtStages(IReadOnlyList<double[]> people, IReadOnlyList<double[]> network, IReadOnlyList<string> stages) =>
        Holm([.. stages.Select((stage, s) => Welch("people", "network", stage, [.. people.Select(r => r[s])], [.. network.Select(r => r[s])]))]);

    /// <summary>All pairs of columns: paired t. [row][column].</summary>
    public static IReadOnlyList<Contrast> Columns(IReadOnlyList<double[]> rows, IReadOnlyList<string> names) =>
        Holm([.. from a in Enumerable.Range(0, names.Count) from b in Enumerable.Range(a + 1, names.Count - a - 1) select Paired(names[a], names[b], null, [.. rows.Select(r => r[a] - r[b])])]);

    /// <summary>All pairs of models at each stage: paired t. [row][stage × models + model].</summary>
    public static IReadOnlyList<Contrast> ModelsAtStages(IReadOnlyList<double[]> rows, IReadOnlyList<string> models, IReadOnlyList<string> stages) =>
        Holm(
        [
            .. from stage in Enumerable.Range(0, stages.Count)
               from a in Enumerable.Range(0, models.Count)
               from b in Enumerable.Range(a + 1, models.Count - a - 1)
               select Paired(models[a], models[b], stages[stage], [.. rows.Select(r => r[stage * models.Count + a] - r[stage * models.Count + b])])
        ]);

    /// <summary>Holm's step-down: the smallest of m p-values times m, the next times m − 1, and so on, never falling, at most 1. Contrasts without p do not count.</summary>
    public static IReadOnlyList<Contrast> Holm(IReadOnlyList<Contrast> contrasts)
    {
        var corrected = contrasts.ToArray();
        var ordered = contrasts.Index().Where(c => c.Item.P is not null).OrderBy(c => c.Item.P).ToList();
        double reached = 0;
        foreach (var (rank, (index, contrast)) in ordered.Index())
        {
            reached = Math.Min(1, Math.Max(reached, contrast.P!.Value * (ordered.Count - rank)));
            corrected[index] = contrast with { PHolm = reached };
        }
        return corrected;
    }

    private static Contrast Paired(string first, string second, string? stage, double[] differences)
    {
        var (mean, variance) = Moments(differences);
        return Test(first, second, stage, mean, Math.Sqrt(variance / differences.Length), differences.Length - 1);
    }

    private static Contrast Welch(string first, string second, string? stage, double[] a, double[] b)
    {
        var ((meanA, varianceA), (meanB, varianceB)) = (Moments(a), Moments(b));
        var (x, y) = (varianceA / a.Length, varianceB / b.Length);
        var df = x + y > 0 ? (x + y) * (x + y) / (x * x / (a.Length - 1) + y * y / (b.Length - 1)) : a.Length + b.Length - 2;
        return Test(first, second, stage, meanA - meanB, Math.Sqrt(x + y), df);
    }

    private static Contrast Test(string first, string second, string? stage, double difference, double standardError, double df)
    {
        if (standardError <= 1e-14) return new Contrast(first, second, stage, difference, null, null, df, null, null);
        var t = difference / standardError;
        var reach = StudentT.InvCDF(0, 1, df, 0.975) * standardError;
        return new Contrast(first, second, stage, difference, new Interval(difference - reach, difference + reach), t, df, FDistribution.UpperTail(t * t, 1, df), null);
    }

    private static (double Mean, double Variance) Moments(double[] values)
    {
        var mean = values.Average();
        return (mean, values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1));
    }
}
