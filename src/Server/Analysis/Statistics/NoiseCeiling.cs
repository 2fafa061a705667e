using MathNet.Numerics.Statistics;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>How well condition means can be predicted at all, given how participants differ. Each part is null where it is undefined.</summary>
/// <param name="SplitHalf">Reliability of the condition means: the correlation of two random halves of the participants, stepped up to all of them by Spearman and Brown, mean over splits.</param>
/// <param name="LeaveOneOutLower">Mean correlation of a participant with the mean of the others: what a model can reach that knows people in general.</param>
/// <param name="LeaveOneOutUpper">Mean correlation of a participant with the mean of all, the participant included: more than any model can reach.</param>
public sealed record NoiseCeiling(int Participants, int Conditions, double? SplitHalf, double? LeaveOneOutLower, double? LeaveOneOutUpper)
{
    /// <summary>
    /// Pearson correlations over conditions (Nili et al. 2014 for leave-one-out; Spearman 1910 and Brown 1910 for r' = 2 r / (1 + r)).
    /// Decided: a condition that nobody of a half, or of the others, has a value in is left out of that correlation; a correlation over fewer than 3
    /// conditions, or of values that do not vary, is left out of the mean.
    /// </summary>
    /// <param name="participants">[participant][condition], NaN where there is no value.</param>
    public static NoiseCeiling Of(IReadOnlyList<double[]> participants, int splits = 1000, int seed = 1)
    {
        double[][] rows = [.. participants.Order(RowOrder.Instance)];
        var conditions = rows.Length == 0 ? 0 : rows[0].Length;
        if (rows.Length < 2 || conditions < 3) return new NoiseCeiling(rows.Length, conditions, null, null, null);
        var all = new Means(rows, conditions);
        return new NoiseCeiling(rows.Length, conditions, Mean(Halves(rows, conditions, splits, seed)),
            Mean(rows.Select(row => Correlation(row, all.Without(row)))), Mean(rows.Select(row => Correlation(row, all.Values()))));
    }

    private static IEnumerable<double?> Halves(double[][] rows, int conditions, int splits, int seed)
    {
        var random = new SequenceRandom(seed);
        for (var split = 0; split < splits; split++)
        {
            var order = random.Shuffled(rows);
            var half = order.Length / 2;
            var r = Correlation(new Means(order[..half], conditions).Values(), new Means(order[half..], conditions).Values());
            yield return r is { } value and > -1 ? 2 * value / (1 + value) : null;
        }
    }

    private static double? Mean(IEnumerable<double?> correlations)
    {
        var defined = correlations.OfType<double>().ToList();
        return defined.Count == 0 ? null : defined.Average();
    }

    private static double? Correlation(double[] x, double[] y)
    {
        var both = x.Zip(y).Where(p => !double.IsNaN(p.First) && !double.IsNaN(p.Second)).ToList();
        if (both.Count < 3) return null;
        var r = MathNet.Numerics.Statistics.Correlation.Pearson(both.Select(p => p.First), both.Select(p => p.Second));
        return double.IsFinite(r) ? r : null;
    }

    /// <summary>Means over the rows that have a value, NaN where none has.</summary>
    private sealed class Means
    {
        private readonly double[] sums;
        private readonly int[] counts;

        public Means(IEnumerable<double[]> rows, int conditions)
        {
            (sums, counts) = (new double[conditions], new int[conditions]);
            foreach (var row in rows)
            {
                for (var c = 0; c < conditions; c++)
                {
                    if (double.IsNaN(row[c])) continue;
                    sums[c] += row[c];
                    counts[c]++;
                }
            }
        }

        public double[] Values() => [.. sums.Zip(counts, (sum, count) => sum / count)];

        public double[] Without(double[] row) => [.. row.Index().Select(v => double.IsNaN(v.Item) ? sums[v.Index] / counts[v.Index] : (sums[v.Index] - v.Item) / (counts[v.Index] - 1))];
    }
}
