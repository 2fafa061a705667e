using MathNet.Numerics.Distributions;
using MathNet.Numerics.Random;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class ReactionTimesTests
{
    [Theory]
    [InlineData(3000)]
    [InlineData(20_000)]
    public void The_ex_Gaussian_that_times_were_drawn_from_is_found(int n)
    {
        var random = new Xoshiro256StarStar(1);
        var times = ReactionTimes.Of(Enumerable.Range(0, n).Select(_ => Normal.Sample(random, 550, 80) + Exponential.Sample(random, 1.0 / 250)).ToList())!;
        Assert.Equal(550, times.Fit!.Value.MuMs, 15.0);
        Assert.Equal(80, times.Fit.Value.SigmaMs, 12.0);
        Assert.Equal(250, times.Fit.Value.TauMs, 15.0);
        Assert.Equal(800, times.MeanMs, 15.0);
        Assert.Equal(times.MeanMs, times.Fit.Value.MuMs + times.Fit.Value.TauMs, 3.0);
    }

    [Fact]
    public void Quantiles_are_linear_between_times() // As numpy.quantile.
    {
        var times = ReactionTimes.Of([500, 100, 300, 200, 400])!;
        Assert.Equal([140, 220, 300, 380, 460], times.QuantilesMs.Select(q => Math.Round(q, 9)));
        Assert.Equal((300, 300, Math.Sqrt(25_000)), (times.MedianMs, times.MeanMs, times.SdMs));
        Assert.Null(times.Fit);
    }

    [Fact]
    public void Vincentiles_average_participants_not_trials()
    {
        Assert.Equal([200, 200, 200, 200, 200], ReactionTimes.Vincentiles([[100, 100, 100], [300], []])!);
        Assert.Null(ReactionTimes.Vincentiles([[]]));
        Assert.Null(ReactionTimes.Of([]));
        Assert.Null(ReactionTimes.Of([250])!.SdMs);
    }
}
