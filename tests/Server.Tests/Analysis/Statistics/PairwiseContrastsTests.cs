using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class PairwiseContrastsTests
{
    // Student's (1908) sleep data: extra hours under two drugs. R: t.test(paired) t = −4.0621, df 9, p .002833, interval −2.4598858 to −0.7001142; Welch t = −1.8608, df 17.776, p .07939.
    private static readonly double[] First = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0], Second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4];

    [Fact]
    public void Paired_columns_give_Students_published_t()
    {
        var contrast = Assert.Single(PairwiseContrasts.Columns([.. First.Zip(Second, (a, b) => (double[])[a, b])], ["first", "second"]));
        Assert.Equal(-4.0621, contrast.T!.Value, 4);
        Assert.Equal(0.002833, contrast.P!.Value, 6);
        Assert.Equal(-2.4598858, contrast.Interval!.Value.Lower, 7);
        Assert.Equal(-0.7001142, contrast.Interval.Value.Upper, 7);
        Assert.Equal(contrast.P, contrast.PHolm);
    }

    [Fact]
    public void Groups_give_Welchs_t()
    {
        var contrast = Assert.Single(PairwiseContrasts.ObserversAtStages([.. First.Select(v => (double[])[v])], [.. Second.Select(v => (double[])[v])], ["only"]));
        Assert.Equal((-1.8608, 17.776, 0.07939), (Math.Round(contrast.T!.Value, 4), Math.Round(contrast.Df, 3), Math.Round(contrast.P!.Value, 5)));
    }

    [Fact]
    public void Holm_steps_down_and_never_falls()
    {
        // As R's p.adjust(c(.01, .02, .03, .04, .05), "holm"), with one undefined among them: it does not count.
        double?[] p = [0.04, 0.01, null, 0.05, 0.02, 0.03];
        var corrected = PairwiseContrasts.Holm([.. p.Select(v => new Contrast("a", "b", null, 0, null, 1, 9, v, null))]);
        Assert.Equal([0.09, 0.05, null, 0.09, 0.08, 0.09], corrected.Select(c => c.PHolm is { } v ? Math.Round(v, 12) : (double?)null));
    }

    [Fact]
    public void Values_that_do_not_vary_have_a_difference_and_no_test()
    {
        var contrast = Assert.Single(PairwiseContrasts.Columns([[1, 0.5], [1, 0.5]], ["a", "b"]));
        Assert.Equal((0.5, null, null, null, null), (contrast.Difference, contrast.T, contrast.P, contrast.PHolm, contrast.Interval));
    }

    [Fact]
    public void Models_pair_at_each_stage()
    {
        var contrasts = PairwiseContrasts.ModelsAtStages([[0.9, 0.8, 0.5, 0.1], [0.8, 0.9, 0.6, 0.3], [1, 0.7, 0.7, 0.1]], ["m", "n"], ["natural", "final"]);
        Assert.Equal([("natural", 0.1), ("final", 0.433)], contrasts.Select(c => (c.Stage!, Math.Round(c.Difference, 3))));
    }
}
