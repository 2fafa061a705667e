using MathNet.Numerics.Distributions;
using PerceptionStudy.Server.Analysis.Statistics;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class DesignPrecisionTests
{
    [Theory]
    [InlineData(0.9, 10, 20)]
    [InlineData(0.5, 10, 20)]
    [InlineData(0.5, 40, 100)]
    [InlineData(0.2, 3, 300)]
    public void Without_differences_between_people_it_is_the_binomials_half_width(double proportion, int trials, int participants)
    {
        var planned = Assert.Single(DesignPrecision.Simulate([[trials]], [proportion], participants, betweenSd: 0, studies: 1000));
        var theory = StudentT.InvCDF(0, 1, participants - 1, .975) * Math.Sqrt(proportion * (1 - proportion) / ((double)trials * participants));
        // The root of a variance that is estimated from so few is a little too small: by 1/(4(n − 1)) for normal values.
        Assert.InRange(planned.HalfWidth / theory, 0.94, 1.02);
        Assert.InRange(planned.HalfWidthMost, planned.HalfWidth, 1.4 * planned.HalfWidth);
        Assert.Equal(trials, planned.TrialsPerParticipant);
    }

    [Fact]
    public void Differences_between_people_set_a_floor_that_more_trials_do_not_lower()
    {
        var few = DesignPrecision.Simulate([[10]], [0.5], 20, betweenSd: 1)[0].HalfWidth;
        var many = DesignPrecision.Simulate([[4000]], [0.5], 20, betweenSd: 1, studies: 100)[0].HalfWidth;
        var without = DesignPrecision.Simulate([[4000]], [0.5], 20, betweenSd: 0, studies: 100)[0].HalfWidth;
        Assert.True(few > many);
        // The SD of logistic(N(0, 1)) is .2083, by numerical integration.
        Assert.InRange(many / (StudentT.InvCDF(0, 1, 19, .975) * .2083 / Math.Sqrt(20)), 0.94, 1.04);
        Assert.True(without < many / 10);
    }

    [Fact]
    public void Its_intervals_are_those_of_the_results_page()
    {
        // The same participants by the page's bootstrap: in the mean of many studies the widths agree within five per cent.
        var random = new Random(5);
        var bootstrapped = Enumerable.Range(0, 200).Select(study =>
            ParticipantBootstrap.OfMeans([.. Enumerable.Range(0, 20).Select(_ => new[] { Enumerable.Range(0, 10).Count(_ => random.NextDouble() < .6) / 10.0 })], resamples: 1000, seed: study)[0]!.Value.HalfWidth).Average();
        Assert.InRange(DesignPrecision.Simulate([[10]], [0.6], 20, betweenSd: 0)[0].HalfWidth / bootstrapped, 0.95, 1.05);
    }

    [Fact]
    public void Power_is_the_error_rate_without_a_difference_and_grows_with_it()
    {
        var planned = DesignPrecision.Simulate([[20, 20, 20, 20]], [0.7, 0.7, 0.6, 0.3], 20, betweenSd: 0.5, studies: 2000);
        Assert.Null(planned[0].PowerAgainstFirst);
        Assert.InRange(planned[1].PowerAgainstFirst!.Value, 0.03, 0.07);
        // A paired test of 20 with difference .1 and SD √(.21/20 + .24/20) has a power of about .8; people's own differences cancel nearly.
        Assert.InRange(planned[2].PowerAgainstFirst!.Value, 0.70, 0.90);
        Assert.True(planned[3].PowerAgainstFirst > 0.999);
    }

    [Theory]
    [InlineData(0.05)]
    [InlineData(0.1)]
    public void The_number_of_participants_is_the_smallest_that_is_enough(double wished)
    {
        int[][] trials = [[8, 8]];
        double[] expected = [0.9, 0.5];
        var enough = DesignPrecision.ParticipantsFor(wished, trials, expected, betweenSd: 0)!.Value;
        // t changes little here: n is about t²·p(1 − p)/(m·w²).
        var t = StudentT.InvCDF(0, 1, enough - 1, .975);
        var theory = t * t * .25 / (8 * wished * wished);
        Assert.InRange(enough, 0.93 * theory, 1.04 * theory + 1);
        Assert.True(DesignPrecision.Simulate(trials, expected, enough, 0, 200).Max(p => p.HalfWidth) <= wished);
        Assert.True(DesignPrecision.Simulate(trials, expected, enough - 2, 0, 200).Max(p => p.HalfWidth) > wished);
    }

    [Fact]
    public void What_no_number_of_people_reaches_is_said()
    {
        Assert.Null(DesignPrecision.ParticipantsFor(0.001, [[5]], [0.5], betweenSd: 0, most: 200));
        Assert.Throws<ArgumentOutOfRangeException>(() => DesignPrecision.ParticipantsFor(0, [[5]], [0.5], 0));
        Assert.Throws<ArgumentOutOfRangeException>(() => DesignPrecision.Simulate([[5]], [0.5], 1, 0));
        Assert.True(double.IsNaN(DesignPrecision.Simulate([[0]], [0.5], 5, 0, studies: 5)[0].HalfWidth));
    }
}
