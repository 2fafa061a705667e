using CsCheck;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class StageAnovaTests
{
    // Participants by stages: proportions of 10 trials, from 2 participants and stages on.
    private static readonly Gen<double[][]> Rows =
        from people in Gen.Int[2, 12]
        from stages in Gen.Int[2, 7]
        from rows in Gen.Int[0, 10].Select(k => k / 10.0).Array[stages].Array[people]
        select rows;

    [Fact]
    public void With_one_group_the_mixed_analysis_is_the_one_way_analysis() => Rows.Sample(rows =>
    {
        var (mixed, oneWay) = (StageAnova.Groups([rows], 100, 1), StageAnova.OneWay(rows, 100, 1));
        Assert.Equal(oneWay.Intercept, mixed.Intercept);
        Assert.Equal(oneWay.Effects, mixed.Effects);
    }, iter: 200);

    [Fact]
    public void The_one_way_analysis_is_that_of_the_textbook() => Rows.Sample(rows =>
    {
        int n = rows.Length, k = rows[0].Length;
        var grand = rows.Average(r => r.Average());
        double[] stages = [.. Enumerable.Range(0, k).Select(s => rows.Average(r => r[s]))];
        var ss = n * stages.Sum(m => Math.Pow(m - grand, 2));
        var error = rows.Sum(r => r.Select((v, s) => Math.Pow(v - r.Average() - stages[s] + grand, 2)).Sum());
        var ours = StageAnova.OneWay(rows, 0, 1)["stage"];
        Assert.Equal(ss, ours.SumOfSquares, 10);
        Assert.Equal(error, ours.ErrorSumOfSquares, 10);
        Assert.Equal((k - 1, (n - 1) * (k - 1)), (ours.Df, ours.ErrorDf));
    }, iter: 200);

    [Fact]
    public void Neither_the_order_of_rows_nor_anything_but_the_values_matters() => Gen.Select(Rows, Gen.Int).Sample((rows, seed) =>
    {
        var network = rows.Select(r => r.Select(v => 1 - v / 2).ToArray()).ToArray();
        var random = new SequenceRandom(seed);
        double[][] shuffledRows = random.Shuffled(rows), shuffledNetwork = random.Shuffled(network);
        Same(StageAnova.Mixed(rows, network, 200, 7), StageAnova.Mixed(shuffledRows, shuffledNetwork, 200, 7));
        Same(StageAnova.OneWay(rows, 200, 7), StageAnova.OneWay(shuffledRows, 200, 7));
        if (rows[0].Length is 4 or 6) Same(StageAnova.Within(rows, 2, 200, 7), StageAnova.Within(shuffledRows, 2, 200, 7));

        static void Same(AnovaTable a, AnovaTable b)
        {
            Assert.Equal(a.Intercept, b.Intercept);
            Assert.Equal(a.Effects, b.Effects);
        }
    }, iter: 100);

    [Fact]
    public void No_number_is_without_value_unless_a_reason_is_given() => Gen.Select(Rows, Gen.Bool).Sample((rows, flat) =>
    {
        // Half of the cases without any variation within cells.
        if (flat) rows = [.. rows.Select(_ => rows[0])];
        foreach (var effect in StageAnova.Mixed(rows, rows, 20, 1).Effects.Concat(StageAnova.OneWay(rows, 20, 1).Effects))
        {
            double?[] numbers = [effect.F, effect.P, effect.PGreenhouseGeisser, effect.PHuynhFeldt, effect.PLowerBound];
            if (effect.Reason is null) Assert.All(numbers, v => Assert.True(v is >= 0 && double.IsFinite(v.Value)));
            else Assert.All(numbers, Assert.Null);
            Assert.True(double.IsFinite(effect.SumOfSquares) && double.IsFinite(effect.ErrorSumOfSquares));
            if (flat) Assert.NotNull(effect.Reason);
        }
    }, iter: 200);

    [Fact]
    public void Corrections_order_as_they_must() => Rows.Sample(rows =>
    {
        var stage = StageAnova.OneWay(rows, 0, 1)["stage"];
        if (stage.Epsilon is not { } e) return;
        Assert.InRange(e.GreenhouseGeisser, e.LowerBound - 1e-12, 1);
        Assert.InRange(e.HuynhFeldt, Math.Min(1, e.GreenhouseGeisser) - 1e-9, 1);
        if (stage.P < 0.05) Assert.True(stage.P <= stage.PGreenhouseGeisser + 1e-12 && stage.PGreenhouseGeisser <= stage.PLowerBound + 1e-12);
    }, iter: 300);

    [Fact]
    public void Groups_of_unequal_size_are_weighed_as_in_type_III()
    {
        // By hand, 2 and 3 rows of 2 stages. Differences of stages: −.2, −.4 and .1, .1, .4; means −.3 and .2, squares about them .02 and .06.
        double[][] a = [[0.2, 0.4], [0.4, 0.8]], b = [[0.6, 0.5], [0.4, 0.3], [0.9, 0.5]];
        var table = StageAnova.Groups([a, b], 0, 1);
        // Unweighted mean −.05: SS = ½ · .05² · 4 / (1/2 + 1/3); between groups ½ · (2 · .3² + 3 · .2²); error ½ · .08.
        Assert.Equal(0.5 * 0.0025 * 4 / (1 / 2.0 + 1 / 3.0), table["stage"].SumOfSquares, 12);
        Assert.Equal(0.5 * (2 * 0.09 + 3 * 0.04), table["observer:stage"].SumOfSquares, 12);
        Assert.Equal(0.04, table["observer:stage"].ErrorSumOfSquares, 12);
        Assert.Equal((1, 3), (table["observer:stage"].Df, table["observer:stage"].ErrorDf));
    }

    [Fact]
    public void Permutation_tests_count_what_whole_analyses_of_shuffled_data_count()
    {
        // Weak effects, so that p is neither 0 nor 1; and each permutation analysed anew, the slow way.
        var random = new SequenceRandom(11);
        double[][] people = Made(random, 0.02), network = Made(random, 0);
        const int Slow = 4000, Fast = 40_000;
        var mixed = StageAnova.Mixed(people, network, Fast, 3);
        int observer = 0, interaction = 0, stage = 0, model = 0, crossed = 0;
        var within = StageAnova.Within(people, 2, Fast, 3);
        for (var i = 0; i < Slow; i++)
        {
            var rows = random.Shuffled(people.Concat(network));
            var labels = StageAnova.Mixed(rows[..8], rows[8..], 0, 1);
            if (labels["observer"].F >= mixed["observer"].F) observer++;
            double[][] both = [.. rows.Select(r => random.Shuffled(r))];
            if (StageAnova.Mixed(both[..8], both[8..], 0, 1)["observer:stage"].F >= mixed["observer:stage"].F) interaction++;
            if (StageAnova.Mixed(people.Select(r => random.Shuffled(r)), network.Select(r => random.Shuffled(r)), 0, 1)["stage"].F >= mixed["stage"].F) stage++;
            if (StageAnova.Within(people.Select(r => random.Shuffled(r)), 2, 0, 1)["stage:model"].F > within["stage:model"].F) crossed++;
            if (StageAnova.OneWay(people.Select(r => random.Shuffled((double[])[(r[0] + r[2] + r[4]) / 3, (r[1] + r[3] + r[5]) / 3])), 0, 1)["stage"].F > within["model"].F * (1 + 1e-9)) model++;
        }
        Close(observer, mixed["observer"]);
        Close(interaction, mixed["observer:stage"]);
        Close(stage, mixed["stage"]);
        Close(crossed, within["stage:model"]);
        Close(model, within["model"]);

        static void Close(int slow, AnovaEffect fast)
        {
            var p = (double)slow / Slow;
            Assert.InRange(p, 0.01, 0.99);
            var error = Math.Sqrt(p * (1 - p) / Slow);
            Assert.InRange(fast.Permutation!.Value.Published, p - 4 * error, p + 4 * error);
        }

        static double[][] Made(SequenceRandom random, double step) =>
            [.. Enumerable.Range(0, 8).Select(_ => Enumerable.Range(0, 6).Select(s => (random.Below(1000) + 1000 * step * s) / 1000.0).ToArray())];
    }

    [Fact]
    public void Too_little_data_are_refused()
    {
        Assert.Throws<ArgumentException>(() => StageAnova.OneWay([[0.1, 0.2]], 0, 1));
        Assert.Throws<ArgumentException>(() => StageAnova.OneWay([[0.1], [0.2]], 0, 1));
    }
}
