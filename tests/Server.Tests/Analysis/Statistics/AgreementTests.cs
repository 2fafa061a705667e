using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class AgreementTests
{
    [Fact]
    public void Coefficients_with_ties_by_hand()
    {
        // Ranks 1 2.5 2.5 4 and 1 3 2 4. Pairs: 5 concordant, 0 discordant, 1 tied in x: tau-b = 5 / √(5 · 6).
        var agreement = Agreement.Of([1, 2, 2, 4], [10, 30, 20, 40]);
        Assert.Equal(5 / Math.Sqrt(30), agreement.KendallTau!.Value, 12);
        Assert.Equal(4.5 / Math.Sqrt(4.5 * 5), agreement.Spearman!.Value, 12);
        // Deviations −1.25 −.25 −.25 1.75 and −15 5 −5 15: 45 / √(4.75 · 500).
        Assert.Equal(45 / Math.Sqrt(4.75 * 500), agreement.Pearson!.Value, 12);
        Assert.Equal(45.0 * 45 / (4.75 * 500), agreement.R2!.Value, 12);
    }

    [Fact]
    public void Intervals_by_Fishers_z()
    {
        // r = .5 of 28: z = .549306 ± 1.959964 / 5.
        var agreement = new Agreement(28, 0.5, 0.25, 0.5, 0.4);
        Assert.Equal((0.1560, 0.7358), Rounded(agreement.PearsonInterval));
        Assert.Equal((Math.Round(0.1560 * 0.1560, 3), Math.Round(0.7358 * 0.7358, 3)), (Math.Round(agreement.R2Interval!.Value.Lower, 3), Math.Round(agreement.R2Interval.Value.Upper, 3)));
        Assert.Equal(Rounded(agreement.SpearmanInterval), (Math.Round(Math.Tanh(Math.Atanh(0.5) - 1.959964 * Math.Sqrt(1.125 / 25)), 4), Math.Round(Math.Tanh(Math.Atanh(0.5) + 1.959964 * Math.Sqrt(1.125 / 25)), 4)));
        Assert.Equal(0, new Agreement(28, 0.1, 0.01, 0, 0).R2Interval!.Value.Lower);

        static (double, double) Rounded(Interval? i) => (Math.Round(i!.Value.Lower, 4), Math.Round(i.Value.Upper, 4));
    }

    [Fact]
    public void What_does_not_vary_has_no_agreement()
    {
        Assert.Equal(new Agreement(3, null, null, null, null), Agreement.Of([1, 1, 1], [1, 2, 3]));
        Assert.Equal(new Agreement(0, null, null, null, null), Agreement.Of([], []));
        var full = Agreement.Of([1, 2, 3, 4, 5, 6], [2, 4, 6, 8, 10, 12]);
        Assert.Equal((1, 1), (Math.Round(full.Pearson!.Value, 12), full.KendallTau));
        Assert.Null(full.PearsonInterval);
    }
}
