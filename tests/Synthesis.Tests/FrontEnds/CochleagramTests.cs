using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.FrontEnds;

public sealed class CochleagramTests
{
    private static readonly CochleagramParameters Published = new();

    // A fifth of a second, few filters, so that a derivative by differences takes no time.
    private static readonly CochleagramParameters Small = new() { Filters = 8, LowHz = 60, HighHz = 4000, Overcompleteness = 2 };

    [Fact]
    public void The_published_size_has_211_bands_and_390_frames() =>
        Assert.Equal((211, 390), (Published.Bands, Published.Frames(20_000, 40_000)));

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(4)]
    public void Filters_are_as_defined_and_their_squares_sum_to_one(int overcompleteness)
    {
        var parameters = Published with { Overcompleteness = overcompleteness };
        var (expected, filters) = (ReferenceCochleagram.Filters(parameters, 20_000, 40_000), ErbFilterBank.Of(parameters, 20_000, 40_000));
        Assert.Equal(expected.Length, filters.Length);
        var sum = new double[20_001];
        foreach (var (filter, gains) in filters.Zip(expected))
        {
            var dense = new double[sum.Length];
            filter.Response.CopyTo(dense, filter.FirstBin);
            for (var k = 0; k < dense.Length; k++)
            {
                Assert.Equal(gains[k], dense[k], 1e-9);
                sum[k] += dense[k] * dense[k];
            }
        }
        Assert.All(sum[100..], total => Assert.InRange(total, 0.99, 1.01)); // From 50 Hz to half the sampling rate.
    }

    [Fact]
    public void The_published_one_equals_the_definition_at_the_full_rate()
    {
        var sound = Sound("voice", 40_000);
        var expected = ReferenceCochleagram.Of(sound, Published, 20_000).SelectMany(b => b).ToArray();
        var computed = Run(sound, Published, 20_000);
        Assert.Equal(expected.Length, computed.Length);
        Assert.True(expected.Max() > 0.1, "The test tests nothing.");
        var worst = expected.Zip(computed, (e, c) => Math.Abs(e - c)).Max();
        Assert.True(worst < 1e-4, $"The largest difference is {worst:g3}, the largest value {expected.Max():g3}.");
    }

    [Theory]
    [InlineData("voice", 16_000, 8_000)]
    [InlineData("noise", 20_000, 4_200)]
    [InlineData("clicks", 20_000, 8_000)]
    [InlineData("voice", 8_000, 6_000)]
    public void Other_sounds_rates_and_lengths_too(string kind, int rateHz, int samples)
    {
        var sound = Sound(kind, samples, rateHz);
        var parameters = Small with { LowPassSamples = 401 };
        var expected = ReferenceCochleagram.Of(sound, parameters, rateHz).SelectMany(b => b).ToArray();
        Assert.Equal(0, expected.Zip(Run(sound, parameters, rateHz), (e, c) => Math.Abs(e - c)).Max(), 1e-4);
    }

    [Fact]
    public void The_gradient_equals_differences_of_the_definition()
    {
        // No limit on the slope: with it the gradient is, as published, not the derivative.
        var parameters = Small with { SteepestSlope = 1e9, Offset = 1e-3 };
        var sound = Sound("noise", 4_000);
        var bands = parameters.Bands * parameters.Frames(20_000, 4_000);
        var weights = new Random(3).Floats(bands, -1, 1);
        var gradient = Gradient(sound, weights, parameters, 20_000);
        double Objective(double[] x) => Running.Dot(ReferenceCochleagram.Of(x, parameters, 20_000).SelectMany(b => b).ToArray(), weights);
        var random = new Random(4);
        for (var direction = 0; direction < 6; direction++)
        {
            var way = direction < 3 ? random.Uniform(4_000, -1, 1) : [.. Enumerable.Range(0, 4_000).Select(i => i == 700 * direction ? 1.0 : 0)];
            const double Step = 1e-6;
            double Moved(double by) => Objective([.. sound.Zip(way, (x, w) => x + by * w)]);
            var (difference, slope) = ((Moved(Step) - Moved(-Step)) / (2 * Step), Running.Dot(gradient, way));
            Assert.True(Math.Abs(difference) > 1e-3, "The direction tests nothing.");
            // The subbands' own rates change the gradient by less than a hundredth.
            Assert.Equal(difference, slope, 0.01 * Math.Max(Math.Abs(difference), Running.Norm(gradient) * Running.Norm(way) / Math.Sqrt(4_000)));
        }
    }

    [Fact]
    public void The_slope_of_the_compression_is_limited_and_negative_envelopes_get_the_limit()
    {
        double[] envelope = [-0.01, 0, 1e-6, 0.01, 0.05, 0.2];
        var builder = new GraphBuilder();
        var input = builder.Input("envelope", [1, 6]);
        builder.Output(Cochleagram.Compressed(builder, input, Published), "compressed");
        var graph = OnnxGraph.From(builder.ToModel());
        using var forward = graph.ToModel().Session();
        var values = forward.Run(("envelope", DataType.Float, [1, 6], envelope))[0];
        var slopes = FiniteSlopes(graph, envelope);
        for (var i = 0; i < 6; i++)
        {
            var lifted = Math.Max(envelope[i], 0) + 1e-8;
            Assert.Equal(Math.Pow(lifted, 0.3), values[i], 1e-6);
            Assert.Equal(Math.Min(5, 0.3 * Math.Pow(lifted, -0.7)), slopes[i], 1e-4);
        }
        Assert.Equal(5, slopes[0], 1e-6);
        Assert.True(slopes[^1] < 1);
    }

    [Fact]
    public void Sounds_of_a_batch_do_not_touch_each_other()
    {
        double[] one = Sound("voice", 4_000), two = Sound("noise", 4_000);
        var both = Run([.. one, .. two], Small, 20_000, 2);
        var (first, second) = (Run(one, Small, 20_000), Run(two, Small, 20_000));
        Assert.Equal(0, first.Concat(second).Zip(both, (a, b) => Math.Abs(a - b)).Max(), 1e-6);
    }

    private static double[] FiniteSlopes(OnnxGraph graph, double[] at)
    {
        var builder = GradientGraph.Forward(graph, "compressed");
        var ones = builder.Values("ones", "compressed", [1, at.Length], [.. at.Select(_ => 1.0)]);
        builder.Output(GradientGraph.Append(builder, graph, "envelope", "compressed", ones), "gradient");
        using var session = builder.ToModel().Session();
        return session.Run(("envelope", DataType.Float, [1, at.Length], at))[0];
    }

    private static double[] Sound(string kind, int samples, int rateHz = 20_000) => kind switch
    {
        "voice" => [.. TestSounds.Voice(samples, rateHz, 1).Select(v => (double)v)],
        "noise" => new Random(1).Floats(samples, -0.17, 0.17),
        _ => [.. Enumerable.Range(0, samples).Select(i => i % 1_777 == 300 ? 0.9 : 0)],
    };

    private static double[] Run(double[] sounds, CochleagramParameters parameters, int rateHz, int count = 1)
    {
        long[] shape = [count, sounds.Length / count];
        var builder = new GraphBuilder();
        builder.Output(Cochleagram.Emit(builder, builder.Input("sound", shape), parameters, rateHz), "cochleagram");
        using var session = builder.ToModel().Session();
        return session.Run(("sound", DataType.Float, shape, sounds))[0];
    }

    private static double[] Gradient(double[] sound, double[] weights, CochleagramParameters parameters, int rateHz)
    {
        var model = new GraphBuilder();
        model.Output(Cochleagram.Emit(model, model.Input("sound", [1, sound.Length]), parameters, rateHz), "cochleagram");
        var graph = OnnxGraph.From(model.ToModel());
        var builder = GradientGraph.Forward(graph, "cochleagram");
        var up = builder.Values("up", "cochleagram", builder.Shape("cochleagram"), weights);
        builder.Output(GradientGraph.Append(builder, graph, "sound", "cochleagram", up), "gradient");
        using var session = builder.ToModel().Session();
        return session.Run(("sound", DataType.Float, [1, sound.Length], sound))[0];
    }
}
