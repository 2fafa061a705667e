using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Synthesis.Criteria;

namespace PerceptionStudy.Server.Tests.Campaigns;

public sealed class ChanceShapeTests
{
    [Fact]
    public void Everything_lies_on_the_scale_in_its_order()
    {
        var histogram = Histogram.Of([-0.1, 0, 0, 0.1, 0.3], -1, 1);
        var shape = ChanceShape.Of(histogram, 0.3, [0.2, 0.95]);
        Assert.InRange(shape.X(-0.1), 0, 10);
        Assert.True(shape.X(0.2) < shape.X(shape.Max) && shape.X(shape.Max) < shape.X(0.95), "0.2 is below chance, 0.95 above.");
        Assert.InRange(shape.X(0.95), 90, 100);
    }

    [Fact]
    public void One_bar_stands_for_each_bin_that_has_pairs_the_fullest_is_the_highest_and_none_reaches_beyond_the_largest()
    {
        var shape = ChanceShape.Of(Histogram.Of([-0.105, 0.005, 0.005, 0.105, 0.305], -1, 1), 0.305, [0.9]);
        var bars = shape.Bars.Split('M', StringSplitOptions.RemoveEmptyEntries);
        Assert.Equal(4, bars.Length);
        Assert.Equal([16, 2, 16, 16], bars.Select(b => double.Parse(b.Split('V')[1].Split('H')[0], System.Globalization.CultureInfo.InvariantCulture)));
        Assert.All(bars, b => Assert.True(double.Parse(b.Split('H')[1].Split('V')[0], System.Globalization.CultureInfo.InvariantCulture) <= shape.X(shape.Max) + 0.41));
    }

    [Fact]
    public void Where_only_the_largest_value_is_known_there_are_no_bars()
    {
        var shape = ChanceShape.Of(null, 0.4, [0.3, double.NaN, 0.8]);
        Assert.Equal("", shape.Bars);
        Assert.True(shape.X(0.3) < shape.X(0.4) && shape.X(0.4) < shape.X(0.8));
    }

    [Fact]
    public void A_single_value_still_has_a_scale() => Assert.InRange(ChanceShape.Of(null, 0.5, [0.5]).X(0.5), 0, 100);
}
