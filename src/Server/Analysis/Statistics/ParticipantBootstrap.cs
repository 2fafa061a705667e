using System.Numerics.Tensors;
using MathNet.Numerics.Distributions;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// Intervals by drawing participants anew with replacement (Efron 1979), all their values together. Seeded; neither the order of the participants nor
/// their names matter. The limits are those of the expanded percentile interval (Hesterberg 2015, The American Statistician 69): at the quantiles
/// Φ(± t(.975; n − 1) √(n / (n − 1))), because plain percentiles are too narrow by about that for the few participants of an experiment.
/// </summary>
public static class ParticipantBootstrap
{
    public const int Resamples = 2000;

    /// <summary>95 % intervals of the means of columns.</summary>
    /// <param name="participants">[participant][column]; NaN where a participant has no value.</param>
    /// <returns>One for each column; null where fewer than 2 participants have a value. Where all values are equal, so are the limits.</returns>
    public static Interval?[] OfMeans(IReadOnlyList<double[]> participants, int resamples = Resamples, int seed = 1)
    {
        if (participants.Count == 0) return [];
        double[][] rows = [.. participants.Order(RowOrder.Instance)];
        int columns = rows[0].Length, n = rows.Length;
        var random = new SequenceRandom(seed);
        double[][] values = new double[columns][], present = new double[columns][], means = new double[columns][];
        var whole = new bool[columns];
        for (var c = 0; c < columns; c++)
        {
            values[c] = [.. rows.Select(row => double.IsNaN(row[c]) ? 0 : row[c])];
            present[c] = [.. rows.Select(row => double.IsNaN(row[c]) ? 0.0 : 1)];
            whole[c] = present[c].All(p => p == 1);
            means[c] = new double[resamples];
        }
        // Some resamples at a time, so that a column is taken from memory once for all of them.
        double[][] times = [.. Enumerable.Range(0, Math.Min(16, resamples)).Select(_ => new double[n])];
        for (var from = 0; from < resamples; from += times.Length)
        {
            var some = Math.Min(times.Length, resamples - from);
            for (var r = 0; r < some; r++)
            {
                Array.Clear(times[r]);
                for (var i = 0; i < n; i++) times[r][random.Below(n)]++;
            }
            for (var c = 0; c < columns; c++)
            {
                // A resample without any value of a column gives NaN, and is left out below.
                for (var r = 0; r < some; r++)
                    means[c][from + r] = TensorPrimitives.Dot<double>(times[r], values[c]) / (whole[c] ? n : TensorPrimitives.Dot<double>(times[r], present[c]));
            }
        }
        return [.. Enumerable.Range(0, columns).Select(c => Limits([.. means[c].Where(m => !double.IsNaN(m))], (int)present[c].Sum()))];
    }

    /// <summary>95 % interval of any statistic of units (participants, stimuli, conditions) numbered from 0; resamples for which it is null are left out.</summary>
    public static Interval? Of(int units, Func<int[], double?> statistic, int resamples = Resamples, int seed = 1)
    {
        var random = new SequenceRandom(seed);
        var drawn = new int[units];
        var values = new List<double>(resamples);
        for (var resample = 0; resample < resamples; resample++)
        {
            for (var i = 0; i < units; i++) drawn[i] = random.Below(units);
            if (statistic(drawn) is { } value) values.Add(value);
        }
        return Limits([.. values], units);
    }

    private static Interval? Limits(double[] resampled, int n)
    {
        if (n < 2 || resampled.Length == 0) return null;
        Array.Sort(resampled);
        var tail = Normal.CDF(0, 1, StudentT.InvCDF(0, 1, n - 1, 0.025) * Math.Sqrt(n / (n - 1.0)));
        return new Interval(Quantile(resampled, tail), Quantile(resampled, 1 - tail));
    }

    /// <summary>Quantile of sorted values, linear between them (R's type 7, numpy's default).</summary>
    internal static double Quantile(double[] sorted, double share)
    {
        var place = share * (sorted.Length - 1);
        var below = (int)place;
        return below + 1 < sorted.Length ? sorted[below] + (place - below) * (sorted[below + 1] - sorted[below]) : sorted[^1];
    }
}
