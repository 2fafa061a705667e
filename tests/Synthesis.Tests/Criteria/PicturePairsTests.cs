using PerceptionStudy.Synthesis.Criteria;

namespace PerceptionStudy.Synthesis.Tests.Criteria;

public sealed class PicturePairsTests
{
    [Theory]
    [InlineData(2, 1)]
    [InlineData(16, 120)]
    [InlineData(16, 1_000_000)]
    public void No_pair_comes_twice_and_more_than_all_cannot_be_had(int pictures, int wanted)
    {
        var pairs = PicturePairs.Draw(pictures, wanted, seed: 3);
        Assert.Equal(pictures * (pictures - 1) / 2, pairs.Length);
        Assert.All(pairs, p => Assert.NotEqual(p.First, p.Second));
        Assert.Equal(pairs.Length, pairs.Select(p => (Math.Min(p.First, p.Second), Math.Max(p.First, p.Second))).Distinct().Count());
    }

    [Fact]
    public void A_draw_is_repeatable_and_even()
    {
        Assert.Equal(PicturePairs.Draw(1000, 500, 1), PicturePairs.Draw(1000, 500, 1));
        Assert.NotEqual(PicturePairs.Draw(1000, 500, 1), PicturePairs.Draw(1000, 500, 2));
        // 20,000 of 10,000 * 9,999 / 2 pairs: every picture is in 4 on average; one far above or missing half the range would be a wrong draw.
        var pairs = PicturePairs.Draw(10_000, 20_000, 5);
        var counts = new int[10_000];
        foreach (var (first, second) in pairs)
        {
            counts[first]++;
            counts[second]++;
        }
        Assert.InRange(counts.Max(), 5, 20);
        Assert.InRange(counts.Take(5000).Sum(), 19_400, 20_600);
        Assert.InRange(pairs.Count(p => p.First < p.Second), 9_600, 10_400);
    }
}
