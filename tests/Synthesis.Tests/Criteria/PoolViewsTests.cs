using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Criteria;

public sealed class PoolViewsTests
{
    [Theory]
    [InlineData(2, 1, 2)]
    [InlineData(2, 1_000_000, 2000)]    // a thousand views of each
    [InlineData(5000, 1_000_000, 1415)] // 1415 * 1414 / 2 = 1,000,405: one view each of some of them
    [InlineData(100, 1_000_000, 1422)]
    public void There_are_just_enough_views_for_the_pairs(int pictures, int pairs, int views)
    {
        var counts = PoolViews.ViewsOf(pictures, pairs, int.MaxValue, new NoiseSource(1));
        Assert.Equal(views, counts.Sum());
        Assert.InRange(counts.Max() - counts.Min(), 0, 1);
        long made = ((long)views * views - counts.Sum(c => (long)c * c)) / 2;
        Assert.InRange(made, pairs, pairs + views);
    }

    [Fact]
    public void Without_augmentation_each_picture_is_seen_once_at_most()
    {
        Assert.All(PoolViews.ViewsOf(20, 1_000_000, 1, new NoiseSource(1)), count => Assert.Equal(1, count));
        Assert.Equal(15, PoolViews.ViewsOf(20, 100, 1, new NoiseSource(1)).Sum());
    }

    [Fact]
    public void Pairs_are_of_different_pictures_and_each_once()
    {
        using var folder = new TestFolder();
        string[] pool = [.. Enumerable.Range(1, 3).Select(seed => TestPictures.Write(folder, $"p{seed}.png", 40, 30, seed))];
        using var views = PoolViews.Prepare(pool, 30, PoolViews.Augmented, new PicturePipeline { Width = 12, Height = 10 }, 1, _ => { }, default);
        var pairs = views.Pairs(30).ToArray();
        Assert.Equal(30, pairs.Distinct().Count());
        Assert.All(pairs, p => Assert.True(p.First < p.Second));
        // Ten views: four of one picture, three of each other; the views of a picture stand together and look different.
        Assert.Equal(10, views.Count);
        Assert.DoesNotContain((0, 1), pairs);
        Assert.Equal(3 * 12 * 10, views.Read(0).Length);
        Assert.NotEqual(views.Read(0), views.Read(1));
    }
}
