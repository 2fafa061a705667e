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

    [Theory]
    [InlineData("relu1")]  // 2,048 values, half of them 0: ties
    [InlineData("conv1")]
    [InlineData("logits")] // 4 values
    public void Every_pair_of_a_small_pool_is_measured_as_one_by_one(string stageName)
    {
        var (model, pool) = (TestNets.Convolutional(folder), Pool(6));
        var summary = Measure(new(model, Small, [stageName], pool, 1000, 3, folder["null.json"], "none"));
        var stage = NullDistribution.Read(folder["null.json"]).Stages.Single();

        var net = new StimulusModel(sessions, model, Small);
        var activations = pool.Select(p => net.Compute(net.Read(p).ToTensor(), stage.Tensor)[0]).ToArray();
        var pairs = (from i in Enumerable.Range(0, 6) from j in Enumerable.Range(0, i) select (A: activations[i], B: activations[j])).ToArray();
        Assert.Equal((15, 15), (stage.Pairs, summary.Stages.Single().Pairs));
        Assert.Equal(pairs.Select(p => ActivationMatch.Pearson(p.A, p.B)).OrderDescending(), stage.Pearson.Largest, Close);
        Assert.Equal(pairs.Select(p => ActivationMatch.Spearman(p.A, p.B)).OrderDescending(), stage.Spearman.Largest, Close);
        Assert.Equal((15, 15), (stage.Pearson.Counts.Sum(), stage.PaperSnrDb.Counts.Sum()));
        // Either of a pair may stand for the natural picture.
        var ratios = pairs.SelectMany(p => new[] { ActivationMatch.PaperSnrDb(p.A, p.B), ActivationMatch.PaperSnrDb(p.B, p.A) }).ToArray();
        Assert.All(stage.PaperSnrDb.Largest, value => Assert.Contains(ratios, r => Math.Abs(r - value) < 1e-4));
        Assert.Equal(new(stage.Spearman.Largest[0], stage.Pearson.Largest[0], stage.PaperSnrDb.Largest[0]), stage.Max);
    }

    [Fact]
    public void Several_blocks_and_pairs_of_augmented_views_are_measured_as_one_by_one()
    {
        // 8 x 26 x 26 values are two blocks of 2,048 columns and one that is not full.
        var pipeline = new PicturePipeline { Width = 26, Height = 26 };
        var model = new StimulusModel(sessions, TestNets.Convolutional(folder, size: 26), pipeline);
        using var views = PoolViews.Prepare(Pool(4), 60, PoolViews.Augmented, pipeline, 5, _ => { }, default);
        using var activations = new StandardisedActivations(views.Count, 8 * 26 * 26);
        var direct = Enumerable.Range(0, views.Count).Select(v => model.Compute(views.Read(v), "conv1")[0]).ToArray();
        for (var i = 0; i < direct.Length; i++)
            activations.Keep(i, direct[i]);
        var gram = new[] { 0, 1 }.Select(kind => Gram(activations, kind)).ToArray();

        var pairs = views.Pairs(60).ToArray();
        var measures = PairMeasures.Of(pairs, activations, gram[0], gram[1], seed: 1);
        Assert.Equal((3, 60, 60), (activations.Blocks, pairs.Length, measures.Count));
        for (var i = 0; i < pairs.Length; i++)
        {
            var (a, b) = (direct[pairs[i].First], direct[pairs[i].Second]);
            Assert.Equal(ActivationMatch.Pearson(a, b), measures.Pearson[i], 1e-7);
            Assert.Equal(ActivationMatch.Spearman(a, b), measures.Spearman[i], 1e-7);
            Assert.True(Math.Min(Math.Abs(ActivationMatch.PaperSnrDb(a, b) - measures.PaperSnrDb[i]), Math.Abs(ActivationMatch.PaperSnrDb(b, a) - measures.PaperSnrDb[i])) < 1e-5);
        }
    }

    [Fact]
    public void Activations_that_are_flat_or_zero_are_measured_as_decided()
    {
        float[][] rows = [[0, 0, 0], [1, 2, 4], [3, 3, 3]];
        using var activations = new StandardisedActivations(3, 3);
        for (var i = 0; i < 3; i++)
            activations.Keep(i, rows[i]);
        var measures = PairMeasures.Of([(0, 1), (0, 2), (1, 2)], activations, Gram(activations, 0), Gram(activations, 1), seed: 1);
        Assert.Equal([0, 0, 0], measures.Pearson);
        Assert.Equal([0, 0], measures.PaperSnrDb[..2]);
        double[] eitherWay = [ActivationMatch.PaperSnrDb(rows[1], rows[2]), ActivationMatch.PaperSnrDb(rows[2], rows[1])];
        Assert.Contains(eitherWay, ratio => Math.Abs(ratio - measures.PaperSnrDb[2]) < 1e-9);
    }

    [Fact]
    public void The_same_seed_gives_the_same_distribution_and_another_seed_another()
    {
        var (model, pool) = (TestNets.Convolutional(folder), Pool(8));
        Measure(new(model, Small, ["relu1"], pool, 100, 1, folder["a.json"]));
        Measure(new(model, Small, ["relu1"], [.. pool.Reverse()], 100, 1, folder["b.json"]));
        Measure(new(model, Small, ["relu1"], pool, 100, 2, folder["c.json"]));
        var (a, b, c) = (Stage("a.json"), Stage("b.json"), Stage("c.json"));
        Assert.Equal((100, a.Max), (b.Pairs, b.Max));
        Assert.NotEqual(a.Max, c.Max);
    }

    [Fact]
    public void A_stage_that_the_file_holds_is_not_measured_again_unless_anything_has_changed()
    {
        var (model, pool) = (TestNets.Convolutional(folder), Pool(4));
        var request = new MeasureNull(model, Small, ["relu1"], pool, 50, 1, folder["null.json"]);
        Measure(request);
        var first = Stage("null.json").Seconds;
        Measure(request with { Stages = ["relu1", "relu2"] });
        var both = NullDistribution.Read(folder["null.json"]).Stages;
        Assert.Equal(["relu1", "relu2"], both.Select(s => s.Stage));
        Assert.Equal(first, both[0].Seconds);
        Measure(request with { Seed = 2 });
        Assert.Equal("relu1", NullDistribution.Read(folder["null.json"]).Stages.Single().Stage);
        Assert.NotEqual(both[0].Max, Stage("null.json").Max);
    }

    [Fact]
    public void Two_copies_of_a_picture_are_one()
    {
        var (model, pool) = (TestNets.Convolutional(folder), Pool(3));
        File.Copy(pool[0], folder["copy.png"]);
        Measure(new(model, Small, ["relu1"], [.. pool, folder["copy.png"]], 1000, 1, folder["null.json"], "none"));
        Assert.Equal(3, Stage("null.json").Pairs);
        Assert.True(Stage("null.json").Max.Pearson < 0.999);
    }

    [Fact]
    public void A_pool_of_one_picture_no_pairs_and_an_unknown_augmentation_are_refused()
    {
        var model = TestNets.Convolutional(folder);
        Assert.Equal("A null distribution needs at least two different files to make pairs of; the pool has 1.",
            Assert.Throws<SynthesisException>(() => Measure(new(model, Small, ["relu1"], Pool(1), 5, 1, folder["x"]))).Message);
        Assert.Equal("A null distribution needs 1 to 10,000,000 pairs, not 0.",
            Assert.Throws<SynthesisException>(() => Measure(new(model, Small, ["relu1"], Pool(2), 0, 1, folder["x"]))).Message);
        Assert.Equal("The augmentation 'blur' is not known; take random-resized-crop or none.",
            Assert.Throws<SynthesisException>(() => Measure(new(model, Small, ["relu1"], Pool(2), 5, 1, folder["x"], "blur"))).Message);
    }

    private static double[] Gram(StandardisedActivations activations, int kind)
    {
        using var matrix = new GramMatrix(activations.Views, activations.BlockSize, 1);
        var values = new float[activations.Views * activations.BlockSize];
        for (var block = 0; block < activations.Blocks; block++)
        {
            activations.Read(kind, block, values);
            matrix.Add(values);
        }
        return matrix.Values;
    }

    private static bool Close(double a, double b) => Math.Abs(a - b) < 1e-7;

    private StageNull Stage(string file) => NullDistribution.Read(folder[file]).Stages[0];

    private NullSummary Measure(MeasureNull request) => new NullMeasurement(sessions, TimeProvider.System).Measure(request, _ => { }, default);

    private string[] Pool(int count) => [.. Enumerable.Range(1, count).Select(seed => TestPictures.Write(folder, $"p{seed}.png", 16, 16, seed))];
}
