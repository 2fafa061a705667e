namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// The one calculation behind every design here: rows (observers) in one or more groups, each measured in the same k cells. An effect is a set of
/// orthonormal contrasts over the cells, each row has a score on each contrast, and sums of squares are those of the scores between and within groups
/// (type III where groups differ in size).
/// </summary>
/// <param name="groups">[group][row][cell]; no value is missing.</param>
internal sealed class RepeatedMeasures(IReadOnlyList<double[][]> groups)
{
    private readonly int cells = groups[0][0].Length;
    private readonly int rows = groups.Sum(g => g.Length);

    // Below this a sum of squares is rounding: scores carry errors of about 1e-16 of the values, which are squared.
    private readonly double nothing = 1e-28 * groups.Sum(g => g.Sum(row => row.Sum(v => v * v)));

    /// <summary>The mean of a row's cells, scaled to length 1.</summary>
    public double[][] Mean => [[.. Enumerable.Repeat(1 / Math.Sqrt(cells), cells)]];

    /// <summary>Helmert's contrasts of n levels, orthonormal: level j against the mean of those before it. [n − 1][n].</summary>
    public static double[][] Differences(int levels) =>
    [
        .. from j in Enumerable.Range(1, levels - 1)
           let length = Math.Sqrt(j * (j + 1.0))
           select (double[])[.. Enumerable.Range(0, levels).Select(i => i < j ? 1 / length : i == j ? -j / length : 0)]
    ];

    /// <summary>Contrasts over the cells of two crossed factors; the second factor runs fastest.</summary>
    public static double[][] Crossed(double[][] first, double[][] second) =>
        [.. from a in first from b in second select (double[])[.. from x in a from y in b select x * y]];

    /// <summary>Whether the mean score, over groups of equal weight, is 0: the intercept, or an effect of a factor within rows.</summary>
    public AnovaEffect Within(string effect, double[][] contrasts)
    {
        var scores = new Scores(groups, contrasts);
        var spread = groups.Sum(g => 1.0 / g.Length) / (groups.Count * groups.Count);
        var ss = scores.GroupMeans.Aggregate(new double[contrasts.Length], (sum, mean) => [.. sum.Zip(mean, (s, m) => s + m / groups.Count)]).Sum(m => m * m) / spread;
        return Effect(effect, ss, contrasts.Length, scores);
    }

    /// <summary>Whether the groups' mean scores are equal: the effect of the groups, or its interaction with a factor within rows.</summary>
    public AnovaEffect Between(string effect, double[][] contrasts)
    {
        var scores = new Scores(groups, contrasts);
        var ss = Enumerable.Range(0, contrasts.Length).Sum(c =>
        {
            var grand = groups.Index().Sum(g => g.Item.Length * scores.GroupMeans[g.Index][c]) / rows;
            return groups.Index().Sum(g => g.Item.Length * Math.Pow(scores.GroupMeans[g.Index][c] - grand, 2));
        });
        return Effect(effect, ss, contrasts.Length * (groups.Count - 1), scores);
    }

    private AnovaEffect Effect(string effect, double ss, int df, Scores scores)
    {
        var errorDf = scores.Contrasts * (rows - groups.Count);
        var errorSs = Enumerable.Range(0, scores.Contrasts).Sum(c => scores.Covariance[c, c]) * (rows - groups.Count);
        (ss, errorSs) = (ss > nothing ? ss : 0, errorSs > nothing ? errorSs : 0);
        var row = new AnovaEffect(effect, ss, df, errorSs, errorDf) { PartialEtaSquared = ss + errorSs > 0 ? ss / (ss + errorSs) : null };
        var epsilon = scores.Contrasts == 1 ? Sphericity.Held : Sphericity.Of(scores.Covariance, rows - groups.Count);
        if (errorSs == 0 || epsilon is not { } e)
            return row with { Reason = $"The error of {effect} is 0, because no observer departs from the pattern of its group, so F and p have no value." };
        var f = ss / df / (errorSs / errorDf);
        return row with
        {
            F = f, P = P(1), PGreenhouseGeisser = P(e.GreenhouseGeisser), PHuynhFeldt = P(e.HuynhFeldt), PLowerBound = P(e.LowerBound), Epsilon = e,
        };

        double P(double factor) => FDistribution.UpperTail(f, df * factor, errorDf * factor);
    }

    /// <summary>Each row's scores on the contrasts, their means per group and their covariance within groups.</summary>
    private sealed class Scores
    {
        public Scores(IReadOnlyList<double[][]> groups, double[][] contrasts)
        {
            Contrasts = contrasts.Length;
            Covariance = new double[Contrasts, Contrasts];
            GroupMeans = new double[groups.Count][];
            foreach (var (g, group) in groups.Index())
            {
                var scores = group.Select(row => contrasts.Select(c => c.Zip(row, (x, y) => x * y).Sum()).ToArray()).ToArray();
                var mean = GroupMeans[g] = [.. Enumerable.Range(0, Contrasts).Select(c => scores.Average(s => s[c]))];
                foreach (var score in scores)
                {
                    for (var i = 0; i < Contrasts; i++)
                    {
                        for (var j = 0; j < Contrasts; j++) Covariance[i, j] += (score[i] - mean[i]) * (score[j] - mean[j]);
                    }
                }
            }
            var df = groups.Sum(g => g.Length) - groups.Count;
            for (var i = 0; i < Contrasts; i++)
            {
                for (var j = 0; j < Contrasts; j++) Covariance[i, j] /= df;
            }
        }

        public int Contrasts { get; }
        public double[][] GroupMeans { get; }
        public double[,] Covariance { get; }
    }
}
