using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Tests.Criteria;

public sealed class NullMeasurementTests : IDisposable
{
    private static readonly PicturePipeline Small = new() { Width = 16, Height = 16 };
    private readonly TestFolder folder = new();
    private readonly ModelSessions sessions = new(threads: 1);

    public void Dispose()
    {
        sessions.Dispose();
        folder.Dispose();
    }

    [Fact]
    public void Every_pair_of_a_small_pool_is_measured_as_by_hand()
    {
        var (model, pool) = (TestNets.Convolutional(folder), Pool(5));
        var summary = Measure(new(model, Small, ["relu1", "logits"], pool, 1000, 3, folder["null.json"]));
        var file = NullDistribution.Read(folder["null.json"]);

        var net = new PictureModel(sessions, model, Small);
        foreach (var stage in file.Stages)
        {
            Assert.Equal(10, stage.Pairs);
            var activations = pool.Select(p => net.Compute(net.Read(p).ToTensor(), stage.Tensor)[0]).ToArray();
            var correlations = (from i in Enumerable.Range(0, 5) from j in Enumerable.Range(0, i) select ActivationMatch.Pearson(activations[i], activations[j])).ToArray();
            Assert.Equal(correlations.Max(), stage.Max.Pearson, 12);
            Assert.Equal(Histogram.Of(correlations, -1, 1).Counts, stage.Pearson.Counts);
            Assert.Equal(10, stage.Spearman.Counts.Sum());
            Assert.Equal(10, stage.PaperSnrDb.Counts.Sum());
            Assert.InRange(stage.Max.PaperSnrDb, stage.PaperSnrDb.Low, stage.PaperSnrDb.High);
        }
        Assert.Equal(file.Stages.Select(s => s.Max), summary.Stages.Select(s => s.Max));
        Assert.Equal((5, 3), (file.PoolSize, file.Seed));
    }

    [Fact]
    public void The_same_seed_draws_the_same_pairs()
    {
        var (model, pool) = (TestNets.Convolutional(folder), Pool(8));
        Measure(new(model, Small, ["relu1"], pool, 6, 1, folder["a.json"]));
        Measure(new(model, Small, ["relu1"], pool, 6, 1, folder["b.json"]));
        Measure(new(model, Small, ["relu1"], pool, 6, 2, folder["c.json"]));
        var (a, b, c) = (NullDistribution.Read(folder["a.json"]).Stages[0], NullDistribution.Read(folder["b.json"]).Stages[0], NullDistribution.Read(folder["c.json"]).Stages[0]);
        Assert.Equal((6, a.Max), (b.Pairs, b.Max));
        Assert.NotEqual(a.Max, c.Max);
    }

    [Fact]
    public void A_pool_of_one_and_no_pairs_are_refused()
    {
        var model = TestNets.Convolutional(folder);
        Assert.Equal("A null distribution needs at least two pictures to make pairs of; the pool has 1.",
            Assert.Throws<SynthesisException>(() => Measure(new(model, Small, ["relu1"], Pool(1), 5, 1, folder["x"]))).Message);
        Assert.Equal("A null distribution needs at least one pair.",
            Assert.Throws<SynthesisException>(() => Measure(new(model, Small, ["relu1"], Pool(2), 0, 1, folder["x"]))).Message);
    }

    private NullSummary Measure(MeasureNull request) => new NullMeasurement(sessions, TimeProvider.System).Measure(request, _ => { }, default);

    private string[] Pool(int count) => [.. Enumerable.Range(1, count).Select(seed => TestPictures.Write(folder, $"p{seed}.png", 16, 16, seed))];
}
