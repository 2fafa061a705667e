using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.Criteria;

public sealed class NullDistributionTests : IDisposable
{
    private static readonly string ModelSha = new('a', 64), PipelineSha = new('b', 64);
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void A_histogram_counts_every_value_once()
    {
        var histogram = Histogram.Of([-1, -0.999, 0, 0.019, 0.5, 1], -1, 1);
        Assert.Equal(100, histogram.Counts.Length);
        Assert.Equal(6, histogram.Counts.Sum());
        Assert.Equal((2, 2, 1, 1), (histogram.Counts[0], histogram.Counts[50], histogram.Counts[75], histogram.Counts[99]));
        Assert.Equal((6, 2, 0), (histogram.AtLeast(-2), histogram.AtLeast(0.5), histogram.AtLeast(1.1)));
    }

    [Fact]
    public void P_counts_the_pairs_that_are_at_least_as_alike()
    {
        var p = Example().Stages[0].P(new(0.9, 0.35, 5));
        Assert.Equal(1 / 5d, p.Spearman);
        Assert.Equal(3 / 5d, p.Pearson);
        Assert.Equal(1 / 5d, p.PaperSnrDb);
    }

    [Fact]
    public void The_rank_of_a_match_is_its_place_among_the_pairs()
    {
        Assert.Equal(new(1, 3, 1), Example().Stages[0].Ranks(new(0.41, 0.21, 1.6)));
        // As good as the best pair is not better than it.
        Assert.Equal(new(2, 1, 5), Example().Stages[0].Ranks(new(0.4, 0.9, 0)));
    }

    [Fact]
    public void Ranks_are_exact_among_the_largest_values_and_never_too_good_below()
    {
        var histogram = Histogram.Of([.. Enumerable.Range(0, 5000).Select(i => i / 5000d)], 0, 1);
        Assert.Equal((0, 1, 3, 999), (histogram.AtLeast(1), histogram.AtLeast(4999 / 5000d), histogram.AtLeast(4997 / 5000d), histogram.AtLeast(4001 / 5000d)));
        Assert.InRange(histogram.AtLeast(2510 / 5000d), 2490, 2540);
    }

    [Fact]
    public void The_file_comes_back_the_same_and_knows_what_it_belongs_to()
    {
        Example().Write(folder["null.json"]);
        var read = NullDistribution.Read(folder["null.json"]);
        var stage = read.Of(ModelSha, PipelineSha, "t1");
        Assert.Equal(Example().Stages[0].Max, stage.Max);
        Assert.Equal(Example().Stages[0].Pearson.Counts, stage.Pearson.Counts);
        Assert.Equal("The null distribution belongs to another model (aaaaaaaaaaaa, not cccccccccccc); measure one for this model.",
            Assert.Throws<SynthesisException>(() => read.Of(new('c', 64), PipelineSha, "t1")).Message);
        Assert.Equal("The null distribution was measured with another pipeline; measure one with this pipeline.",
            Assert.Throws<SynthesisException>(() => read.Of(ModelSha, ModelSha, "t1")).Message);
        Assert.Equal("The null distribution has no stage t2; it has stage one.",
            Assert.Throws<SynthesisException>(() => read.Of(ModelSha, PipelineSha, "t2")).Message);
    }

    [Theory]
    [InlineData("no json")]
    [InlineData("{}")]
    [InlineData("""{"modelSha256":"x"}""")]
    public void Another_file_is_refused(string content)
    {
        File.WriteAllText(folder["x.json"], content);
        Assert.StartsWith($"{folder["x.json"]} is not a null distribution as 'metamer null' writes it: ",
            Assert.Throws<SynthesisException>(() => NullDistribution.Read(folder["x.json"])).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_metamer_passes_only_with_the_same_category_and_all_three_measures_above_chance()
    {
        var chance = Example().Stages[0];
        Assert.Empty(SuccessRule.Reasons("cat", "cat", new(0.5, 0.5, 2), chance));
        Assert.Equal(["The model sees dog in the metamer and cat in the natural picture."], SuccessRule.Reasons("cat", "dog", new(0.5, 0.5, 2), chance));
        Assert.Equal(["The correlation of 0.4 is not above 0.4, the largest of 4 chance pairs."], SuccessRule.Reasons("cat", "cat", new(0.5, 0.4, 2), chance));
        Assert.Equal(3, SuccessRule.Reasons("cat", "cat", new(double.NaN, 0.1, 1), chance).Length);
        // A largest value of 1 that reads a little less for its rounding is still 1.
        Assert.Single(SuccessRule.Reasons("cat", "cat", new(1, 1, 2), chance with { Max = chance.Max with { Spearman = 1 - 6e-8 } }));
        Assert.Equal(["The match was not compared with chance, because no null distribution was given."], SuccessRule.Reasons("cat", "cat", new(1, 1, 1), null));
    }

    private static NullDistribution Example() => new(ModelSha, PipelineSha, new('d', 64), 4, 1, "none", 4,
    [
        new("stage one", "t1", 100, 4, new(0.4, 0.4, 1.5),
            Histogram.Of([0.1, 0.2, 0.3, 0.4], -1, 1), Histogram.Of([0.1, 0.2, 0.36, 0.4], -1, 1), Histogram.Of([0.5, 1, 1.2, 1.5], 0.5, 1.5), 0.1),
    ]);
}
