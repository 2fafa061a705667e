using PerceptionStudy.Server.Campaigns;

namespace PerceptionStudy.Server.Tests.Campaigns;

public sealed class CampaignEstimateTests
{
    [Fact]
    public void A_stage_between_two_that_are_measured_costs_what_lies_between()
    {
        // 9 left at 10 s, 10 at (10 + 30) / 2 = 20 s, 9 at 30 s: 560 s; two at a time: 280 s. 28 pictures of 1,000 bytes.
        Assert.Equal(new CampaignEstimate(280, 28_000), CampaignEstimate.Of([new(9, 10), new(10, null), new(9, 30)], 1000, 2));
    }

    [Fact]
    public void Outside_of_what_is_measured_the_nearest_counts() =>
        Assert.Equal(new CampaignEstimate(10 * 4 + 1 * 4 + 2 * 4, 13), CampaignEstimate.Of([new(10, null), new(1, 4), new(2, null)], 1, 1));

    [Fact]
    public void Nothing_is_claimed_before_anything_is_measured()
    {
        Assert.Null(CampaignEstimate.Of([new(10, null)], null, 1));
        Assert.Null(CampaignEstimate.Of([], null, 1));
    }

    [Fact]
    public void Without_a_worker_it_is_the_time_of_one() => Assert.Equal(50, CampaignEstimate.Of([new(5, 10)], 1, 0)!.Seconds);

    [Theory]
    [InlineData(0.2, "1 second")]
    [InlineData(89, "89 seconds")]
    [InlineData(600, "10 minutes")]
    [InlineData(5400, "1.5 hours")]
    [InlineData(200_000, "2.3 days")]
    public void Times_are_said_as_people_say_them(double seconds, string words) => Assert.Equal(words, CampaignEstimate.Duration(seconds));
}
