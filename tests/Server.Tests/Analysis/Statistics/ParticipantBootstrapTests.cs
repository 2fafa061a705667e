using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Tests.Analysis.Statistics;

public sealed class ParticipantBootstrapTests
{
    [Theory]
    [InlineData(10)]
    [InlineData(22)]
    public void Of_a_hundred_intervals_of_few_participants_about_95_hold_the_truth(int people)
    {
        // 12 trials at .7 each; 3,000 experiments, whose share has a standard error of .4 %.
        var random = new SequenceRandom(people);
        double[][] data = [.. Enumerable.Range(0, people).Select(_ => Enumerable.Range(0, 3000).Select(_ => Enumerable.Range(0, 12).Count(_ => random.Below(10) < 7) / 12.0).ToArray())];
        var intervals = ParticipantBootstrap.OfMeans(data, resamples: 1000);
        Assert.InRange(intervals.Count(i => i!.Value.Lower <= 0.7 && 0.7 <= i.Value.Upper) / 3000.0, 0.935, 0.965);
    }

    [Fact]
    public void Neither_order_nor_chance_changes_an_interval()
    {
        double[][] rows = [[0.1, 0.5], [0.2, double.NaN], [0.4, 0.4], [0.9, 0.2], [0.33, 0.37], [0.71, 0.63], [0.58, 0.29], [0.46, 0.81]];
        var intervals = ParticipantBootstrap.OfMeans(rows);
        Assert.Equal(intervals, ParticipantBootstrap.OfMeans([.. rows.Reverse()]));
        Assert.NotEqual(intervals, ParticipantBootstrap.OfMeans(rows, seed: 2));
    }

    [Fact]
    public void A_single_value_has_no_interval_and_equal_values_one_without_width()
    {
        var intervals = ParticipantBootstrap.OfMeans([[0.5, 1, double.NaN], [double.NaN, 1, double.NaN], [double.NaN, 1, double.NaN]]);
        Assert.Equal([null, new Interval(1, 1), null], intervals);
        Assert.Empty(ParticipantBootstrap.OfMeans([]));
    }
}
