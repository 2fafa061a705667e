namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// The three analyses of variance of proportion correct over stages. Permutation tests are left out where <c>permutations</c> is 0.
/// Rows are put in the order of their values first, so that neither their order nor the participants' names change a digit.
/// </summary>
public static class StageAnova
{
    /// <summary>Observer (people, network; between rows) by stage (within rows), as published for each model. Effects: observer, stage, observer:stage.</summary>
    /// <param name="people">[participant][stage], at least 2 participants and 2 stages.</param>
    /// <param name="network">The same for the network on the stimuli of each participant.</param>
    public static AnovaTable Mixed(IEnumerable<double[]> people, IEnumerable<double[]> network, int permutations, int seed) => Groups([people, network], permutations, seed);

    /// <summary>The same for any number of groups of rows; with one group there is no effect of observer and the rest is <see cref="OneWay"/>.</summary>
    public static AnovaTable Groups(IReadOnlyList<IEnumerable<double[]>> observers, int permutations, int seed)
    {
        double[][][] groups = [.. observers.Select(Ordered)];
        var measures = Measures(groups);
        var stages = RepeatedMeasures.Differences(groups[0][0].Length);
        var stage = measures.Within("stage", stages) with { Permutation = Test(() => AnovaPermutation.WithinRows(groups, permutations, seed, publishedCountsTies: true)) };
        return new AnovaTable(groups.Sum(g => g.Length), measures.Within("intercept", measures.Mean), groups.Length == 1 ? [stage] :
        [
            measures.Between("observer", measures.Mean) with { Permutation = Test(() => AnovaPermutation.BetweenGroups(groups, permutations, seed)) },
            stage,
            measures.Between("observer:stage", stages) with { Permutation = Test(() => AnovaPermutation.Interaction(groups, permutations, seed)) },
        ]);

        PermutationP? Test(Func<PermutationP> test) => permutations == 0 ? null : test();
    }

    /// <summary>One factor within rows. Effect: stage.</summary>
    public static AnovaTable OneWay(IEnumerable<double[]> rows, int permutations, int seed) => Groups([rows], permutations, seed);

    /// <summary>Stage by model, both within rows, as published for comparisons of models. Effects: stage, model, stage:model.</summary>
    /// <param name="rows">[participant][stage × models + model], at least 2 of each.</param>
    public static AnovaTable Within(IEnumerable<double[]> rows, int models, int permutations, int seed)
    {
        var data = Ordered(rows);
        var measures = Measures([data]);
        var levels = data[0].Length / models;
        double[][] stages = RepeatedMeasures.Differences(levels), differences = RepeatedMeasures.Differences(models), overStages = Flat(levels), overModels = Flat(models);
        double[][] stageMeans = [.. data.Select(row => row.Chunk(models).Select(m => m.Average()).ToArray())];
        double[][] modelMeans = [.. data.Select(row => Enumerable.Range(0, models).Select(m => row.Where((_, cell) => cell % models == m).Average()).ToArray())];
        return new AnovaTable(data.Length, measures.Within("intercept", measures.Mean),
        [
            measures.Within("stage", RepeatedMeasures.Crossed(stages, overModels)) with { Permutation = Test(() => AnovaPermutation.WithinRows([stageMeans], permutations, seed, publishedCountsTies: true)) },
            measures.Within("model", RepeatedMeasures.Crossed(overStages, differences)) with { Permutation = Test(() => AnovaPermutation.WithinRows([modelMeans], permutations, seed, publishedCountsTies: false)) },
            measures.Within("stage:model", RepeatedMeasures.Crossed(stages, differences)) with { Permutation = Test(() => AnovaPermutation.CrossedWithinRows(data, models, permutations, seed)) },
        ]);

        PermutationP? Test(Func<PermutationP> test) => permutations == 0 ? null : test();

        static double[][] Flat(int levels) => [[.. Enumerable.Repeat(1 / Math.Sqrt(levels), levels)]];
    }

    private static RepeatedMeasures Measures(double[][][] groups)
    {
        var cells = groups[0].FirstOrDefault()?.Length ?? 0;
        if (groups.Any(g => g.Length < 2)) throw new ArgumentException("An analysis of variance needs at least 2 observers with a value in every cell.");
        if (cells < 2) throw new ArgumentException("An analysis of variance over stages needs at least 2 of them.");
        return new RepeatedMeasures(groups);
    }

    private static double[][] Ordered(IEnumerable<double[]> rows) => [.. rows.Order(RowOrder.Instance)];
}
