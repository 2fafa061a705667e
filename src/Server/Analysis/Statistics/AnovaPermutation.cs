using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// Permutation tests of the effects, by the schemes of the published analysis (Feather et al. 2023). Sums that no permutation changes are taken once,
/// so that a permutation costs one pass over the cells. The same seed and the same data give the same p, in whatever order the rows come.
/// Each test compares a number that rises with F; what differs from the data's by less than 1e-10 of it is a tie.
/// </summary>
internal static class AnovaPermutation
{
    private const double Tie = 1e-10;

    /// <summary>Groups against each other on the rows' means: the labels of the rows are shuffled.</summary>
    public static PermutationP BetweenGroups(IReadOnlyList<double[][]> groups, int permutations, int seed)
    {
        double[] means = [.. groups.SelectMany(g => g).Select(row => row.Average())];
        var centre = means.Average();
        for (var i = 0; i < means.Length; i++) means[i] -= centre;
        return Count(permutations, publishedCountsTies: true, Statistic, new BatchedShuffle(seed), shuffle => shuffle.Shuffle(means));

        double Statistic()
        {
            double sum = 0;
            var from = 0;
            foreach (var group in groups)
            {
                double total = 0;
                for (var i = 0; i < group.Length; i++) total += means[from + i];
                from += group.Length;
                sum += total * total / group.Length;
            }
            return sum;
        }
    }

    /// <summary>Groups by cells: the labels of the rows are shuffled, and each row's cells.</summary>
    public static PermutationP Interaction(IReadOnlyList<double[][]> groups, int permutations, int seed)
    {
        var (rows, squares) = Centred(groups.SelectMany(g => g));
        int cells = rows[0].Length, n = rows.Length;
        int[] labels = [.. groups.Index().SelectMany(g => Enumerable.Repeat(g.Index, g.Item.Length))];
        var sums = new double[groups.Count * cells];
        return Count(permutations, publishedCountsTies: true, Statistic, new BatchedShuffle(seed), shuffle =>
        {
            shuffle.Shuffle(labels);
            foreach (var row in rows) shuffle.Shuffle(row);
        });

        // Rows are centred, so group means over cells stay 0: what groups explain, less what they share, over what they leave.
        double Statistic()
        {
            Array.Clear(sums);
            for (var i = 0; i < n; i++)
            {
                var row = rows[i];
                var ofGroup = sums.AsSpan(labels[i] * cells, cells);
                for (var c = 0; c < row.Length; c++) ofGroup[c] += row[c];
            }
            double groupsExplain = 0, shared = 0;
            for (var c = 0; c < cells; c++)
            {
                double total = 0;
                for (var g = 0; g < groups.Count; g++)
                {
                    var sum = sums[g * cells + c];
                    total += sum;
                    groupsExplain += sum * sum / groups[g].Length;
                }
                shared += total * total / n;
            }
            return (groupsExplain - shared) / Math.Max(squares - groupsExplain, double.Epsilon);
        }
    }

    /// <summary>The levels of one factor within rows, whatever the groups: each row's cells are shuffled. Published for models with <paramref name="publishedCountsTies"/> false.</summary>
    public static PermutationP WithinRows(IReadOnlyList<double[][]> groups, int permutations, int seed, bool publishedCountsTies)
    {
        var (rows, squares) = Centred(groups.SelectMany(g => g));
        var cells = rows[0].Length;
        var sums = new double[groups.Count * cells];
        return Count(permutations, publishedCountsTies, Statistic, new BatchedShuffle(seed), shuffle =>
        {
            foreach (var row in rows) shuffle.Shuffle(row);
        });

        double Statistic()
        {
            Array.Clear(sums);
            var from = 0;
            for (var g = 0; g < groups.Count; g++)
            {
                var ofGroup = sums.AsSpan(g * cells, cells);
                for (var i = 0; i < groups[g].Length; i++)
                {
                    var row = rows[from + i];
                    for (var c = 0; c < row.Length; c++) ofGroup[c] += row[c];
                }
                from += groups[g].Length;
            }
            // As RepeatedMeasures.Within: groups weigh the same.
            double explained = 0, groupsExplain = 0, spread = 0;
            for (var g = 0; g < groups.Count; g++) spread += 1.0 / groups[g].Length;
            for (var c = 0; c < cells; c++)
            {
                double mean = 0;
                for (var g = 0; g < groups.Count; g++)
                {
                    var sum = sums[g * cells + c];
                    mean += sum / groups[g].Length;
                    groupsExplain += sum * sum / groups[g].Length;
                }
                explained += mean * mean / spread;
            }
            return explained / Math.Max(squares - groupsExplain, double.Epsilon);
        }
    }

    /// <summary>Two crossed factors within rows, the second running fastest: all cells of a row are shuffled.</summary>
    public static PermutationP CrossedWithinRows(double[][] data, int secondLevels, int permutations, int seed)
    {
        var (rows, squares) = Centred(data);
        int cells = rows[0].Length, firstLevels = cells / secondLevels, n = rows.Length;
        double[] sums = new double[cells], ofFirst = new double[firstLevels], ofSecond = new double[secondLevels];
        return Count(permutations, publishedCountsTies: false, Statistic, new BatchedShuffle(seed), shuffle =>
        {
            foreach (var row in rows) shuffle.Shuffle(row);
        });

        // Squares of the interaction's scores: all, less those that lie in the rows' margins, split into the mean pattern and the rest.
        double Statistic()
        {
            Array.Clear(sums);
            double margins = 0;
            foreach (var row in rows)
            {
                Array.Clear(ofSecond);
                for (var a = 0; a < firstLevels; a++)
                {
                    double first = 0;
                    for (var b = 0; b < secondLevels; b++)
                    {
                        var value = row[a * secondLevels + b];
                        sums[a * secondLevels + b] += value;
                        first += value;
                        ofSecond[b] += value;
                    }
                    margins += first * first / secondLevels;
                }
                foreach (var second in ofSecond) margins += second * second / firstLevels;
            }
            Array.Clear(ofFirst);
            Array.Clear(ofSecond);
            double explained = 0;
            for (var c = 0; c < cells; c++)
            {
                explained += sums[c] * sums[c] / n;
                ofFirst[c / secondLevels] += sums[c];
                ofSecond[c % secondLevels] += sums[c];
            }
            foreach (var first in ofFirst) explained -= first * first / (n * secondLevels);
            foreach (var second in ofSecond) explained -= second * second / (n * firstLevels);
            return explained / Math.Max(squares - margins - explained, double.Epsilon);
        }
    }

    private static PermutationP Count(int permutations, bool publishedCountsTies, Func<double> statistic, BatchedShuffle shuffle, Action<BatchedShuffle> permute)
    {
        var observed = statistic();
        int reached = 0, exceeded = 0;
        for (var i = 0; i < permutations; i++)
        {
            permute(shuffle);
            var value = statistic();
            if (value >= observed * (1 - Tie)) reached++;
            if (value > observed * (1 + Tie)) exceeded++;
        }
        return PermutationP.Of(permutations, reached, exceeded, publishedCountsTies);
    }

    // Copies, each less its own mean, which no test here looks at; and the sum of all squares, which no permutation changes.
    private static (double[][] Rows, double Squares) Centred(IEnumerable<double[]> data)
    {
        double[][] rows = [.. data.Select(row => { var mean = row.Average(); return row.Select(v => v - mean).ToArray(); })];
        return (rows, rows.Sum(row => row.Sum(v => v * v)));
    }
}
