namespace PerceptionStudy.Bench.Statistics;

/// <summary>The permutation tests of observer, stage and their interaction as one would first write them: shuffle with LINQ, then the whole analysis of variance.</summary>
public static class NaiveAnova
{
    /// <returns>Share of permutations whose F reaches that of the data: observer, stage, observer by stage.</returns>
    public static (double Observer, double Stage, double Interaction) Mixed(double[][] people, double[][] network, int permutations, int seed)
    {
        var random = new Random(seed);
        var labelled = people.Select(row => (Group: 0, Row: row)).Concat(network.Select(row => (Group: 1, Row: row))).ToList();
        var observed = F(labelled);
        int observer = 0, stage = 0, interaction = 0;
        for (var i = 0; i < permutations; i++)
        {
            var labels = labelled.Select(r => r.Group).OrderBy(_ => random.Next()).ToList();
            var relabelled = labelled.Zip(labels, (r, group) => (Group: group, r.Row)).ToList();
            if (F(relabelled).Observer >= observed.Observer) observer++;
            if (F([.. labelled.Select(r => (r.Group, Row: Shuffled(r.Row)))]).Stage >= observed.Stage) stage++;
            if (F([.. relabelled.Select(r => (r.Group, Row: Shuffled(r.Row)))]).Interaction >= observed.Interaction) interaction++;
        }
        return ((double)observer / permutations, (double)stage / permutations, (double)interaction / permutations);

        double[] Shuffled(double[] row) => [.. row.OrderBy(_ => random.Next())];
    }

    private static (double Observer, double Stage, double Interaction) F(List<(int Group, double[] Row)> rows)
    {
        int n = rows.Count, stages = rows[0].Row.Length;
        var grand = rows.Average(r => r.Row.Average());
        var groups = rows.GroupBy(r => r.Group).ToDictionary(g => g.Key, g => g.Select(r => r.Row).ToList());
        var stageMeans = Enumerable.Range(0, stages).Select(s => rows.Average(r => r.Row[s])).ToList();
        var groupMeans = groups.ToDictionary(g => g.Key, g => g.Value.Average(r => r.Average()));
        var cellMeans = groups.ToDictionary(g => g.Key, g => Enumerable.Range(0, stages).Select(s => g.Value.Average(r => r[s])).ToList());
        var between = groups.Sum(g => g.Value.Count * stages * Math.Pow(groupMeans[g.Key] - grand, 2));
        var betweenError = stages * rows.Sum(r => Math.Pow(r.Row.Average() - groupMeans[r.Group], 2));
        var stage = n * stageMeans.Sum(m => Math.Pow(m - grand, 2));
        var interaction = groups.Sum(g => g.Value.Count * Enumerable.Range(0, stages).Sum(s => Math.Pow(cellMeans[g.Key][s] - groupMeans[g.Key] - stageMeans[s] + grand, 2)));
        var error = rows.Sum(r => Enumerable.Range(0, stages).Sum(s => Math.Pow(r.Row[s] - r.Row.Average() - cellMeans[r.Group][s] + groupMeans[r.Group], 2)));
        var errorMean = error / ((n - groups.Count) * (stages - 1));
        return (between / (groups.Count - 1) / (betweenError / (n - groups.Count)), stage / (stages - 1) / errorMean, interaction / ((groups.Count - 1) * (stages - 1)) / errorMean);
    }
}
