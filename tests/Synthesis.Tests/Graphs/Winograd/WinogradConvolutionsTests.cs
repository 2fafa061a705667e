using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Gradients.Rules;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using PerceptionStudy.Synthesis.Graphs.Winograd;
using PerceptionStudy.Synthesis.Tests.Architectures;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Graphs.Winograd;

/// <summary>Convolutions by Winograd's transform against the plain operator.</summary>
public class WinogradConvolutionsTests
{
    // Of the largest value; float32 itself leaves about 1e-6.
    private const double LargestError = 2e-5;

    public static TheoryData<long[], long, long[], bool, long?> Uses => new()
    {
        { [1, 16, 8, 8], 16, [1, 1, 1, 1], false, null },
        { [1, 3, 7, 9], 5, [1, 1, 1, 1], true, null },
        { [3, 4, 13, 6], 7, [1, 1, 1, 1], true, null },
        { [1, 4, 6, 6], 4, [0, 0, 0, 0], false, null },
        { [2, 4, 9, 12], 4, [0, 1, 2, 0], true, null },
        { [1, 2, 1, 1], 3, [1, 1, 1, 1], true, null },
        { [1, 2, 5, 3], 3, [2, 2, 2, 2], false, null },
        { [1, 8, 30, 18], 8, [1, 1, 1, 1], true, 1 }, // each row of tiles by itself
        { [1, 8, 30, 18], 8, [0, 0, 0, 0], true, 30_000 }, // some rows together
        { [5, 8, 10, 10], 8, [1, 1, 1, 1], true, 50_000 }, // some pictures together
        { [2, 8, 17, 10], 8, [2, 1, 0, 1], false, 1 },
    };

    [Theory, MemberData(nameof(Uses))]
    public void The_result_is_that_of_the_operator(long[] input, long maps, long[] pads, bool bias, long? bytesAtOnce)
    {
        var model = OneConvolution(input, maps, pads, bias);
        var rewritten = WinogradConvolutions.Run(model, everywhere: true, bytesAtOnce);
        Assert.Contains(rewritten.Graph.Initializer, c => c.Name == "winograd_w");
        Assert.DoesNotContain(rewritten.Graph.Initializer, c => c.Name == "w");
        var x = new Random(1).Floats(Shapes.Size(input), -1, 1);
        AssertClose(Output(model, input, x), Output(rewritten, input, x));
    }

    /// <summary>What is done with the result at once: sums, rectifiers and the masks of their gradients, over maps with and without whole vectors.</summary>
    [Theory]
    [InlineData(16, 8)]
    [InlineData(5, 7)]
    [InlineData(33, 18)]
    [InlineData(2, 1)]
    public void What_follows_is_done_with_it(long height, long width)
    {
        long[] shape = [2, 6, height, width];
        var b = new GraphBuilder();
        string x = b.Input("x", shape), y = b.Input("y", shape);
        string Convolution(string input, string name) =>
            b.Emit("Conv", [input, Weights(b, name, 6, 6), b.Constant("bias", [6], [.1f, -.2f, .3f, 0, .5f, -.6f])], shape, ("pads", new long[] { 1, 1, 1, 1 }));
        var rectified = b.Emit("Relu", [Convolution(x, "rectified")]);
        var added = b.Emit("Add", [y, Convolution(rectified, "added")]);
        var both = b.Emit("Relu", [b.Emit("Add", [Convolution(added, "left"), Convolution(added, "right")])]);
        var masked = Relu.Masked(b, y, Convolution(both, "masked"));
        var all = Relu.Masked(b, x, b.Emit("Add", [Convolution(masked, "all"), rectified]));
        b.Output(b.Emit("Sum", [all, masked, both, added]), "z");
        var model = b.ToModel();
        FusedNodes.Run(model.Graph);
        var rewritten = WinogradConvolutions.Run(model, everywhere: true);
        Assert.Equal(["Sum", "WinogradConvolution"], rewritten.Graph.Node.Select(n => n.OpType).Where(t => t != "Identity").Distinct().Order(StringComparer.Ordinal));
        double[] xs = new Random(1).Floats(Shapes.Size(shape), -1, 1), ys = new Random(4).Floats(Shapes.Size(shape), -1, 1);
        using InferenceSession plain = model.Session(), session = rewritten.Session();
        var inputs = new[] { ("x", DataType.Float, shape, xs), ("y", DataType.Float, shape, ys) };
        AssertClose(plain.Run(inputs)[0], session.Run(inputs)[0]);
    }

    [Fact]
    public void A_result_that_is_read_twice_or_given_out_stays()
    {
        long[] shape = [1, 4, 8, 8];
        var b = new GraphBuilder();
        var x = b.Input("x", shape);
        string Convolution(string input, string name) => b.Emit("Conv", [input, Weights(b, name, 4, 4)], shape, ("pads", new long[] { 1, 1, 1, 1 }));
        var twice = Convolution(x, "twice");
        var given = b.Output(Convolution(x, "given"));
        b.Output(b.Emit("Sum", [b.Emit("Relu", [twice]), b.Emit("Neg", [twice]), b.Emit("Relu", [given])]), "z");
        var model = b.ToModel();
        var rewritten = WinogradConvolutions.Run(model, everywhere: true);
        Assert.Equal(2, rewritten.Graph.Node.Count(n => n.OpType == "Relu"));
        var xs = new Random(1).Floats(Shapes.Size(shape), -1, 1);
        using InferenceSession plain = model.Session(), session = rewritten.Session();
        var (expected, actual) = (plain.Run(("x", DataType.Float, shape, xs)), session.Run(("x", DataType.Float, shape, xs)));
        AssertClose(expected[0], actual[0]);
        AssertClose(expected[1], actual[1]);
    }

    public static TheoryData<string> Architectures => ["alexnet", "alexnet_blurred", "clip_rn50", "cornet_s", "densenet121", "hmax", "inception_v3", "resnet18", "resnet50", "vgg19", "vonenet"];

    /// <summary>Forward and backward pass, for the architectures of the tests that have such convolutions.</summary>
    [Theory, MemberData(nameof(Architectures))]
    public void Loss_and_gradient_equal_libtorch(string name)
    {
        var graph = OnnxGraph.Load(Reference.Model(name));
        var reference = Reference.Of(name);
        var stage = reference.Stages[^1];
        var model = GradientGraph.Build(graph, stage.Tensor);
        var rewritten = WinogradConvolutions.Run(model, everywhere: true);
        Assert.NotSame(model, rewritten);
        double[] natural = Reference.Numbers(reference.Natural), x = Reference.Numbers(reference.At);
        using var forward = WinogradConvolutions.Run(Forward(graph, stage.Tensor), everywhere: true).Session();
        var target = forward.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, natural))[0];
        using var session = rewritten.Session();
        var results = session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x), ("target", graph.Tensors[stage.Tensor].Type, graph.Tensors[stage.Tensor].Shape, target));
        Assert.Equal(stage.Loss, results[0].Single(), 1e-4 * stage.Loss);
        var expected = Reference.Numbers(stage.Gradient);
        AssertClose(expected, results[1], 1e-3);
        Assert.True(Running.Dot(expected, results[1]) >= 0.99999 * Running.Norm(expected) * Running.Norm(results[1]));
    }

    [Fact]
    public void The_same_graph_gives_the_same_bytes_with_any_number_of_threads()
    {
        long[] input = [1, 64, 32, 32];
        var x = new Random(1).Floats(Shapes.Size(input), -1, 1);
        var model = OneConvolution(input, 64, [1, 1, 1, 1], bias: true);
        Assert.Equal(WinogradConvolutions.Run(model, everywhere: true), WinogradConvolutions.Run(model, everywhere: true));
        using InferenceSession one = WinogradConvolutions.Run(model, everywhere: true).Session(threads: 1), three = WinogradConvolutions.Run(model, everywhere: true).Session(threads: 3);
        var expected = one.Run(("x", DataType.Float, input, x))[0];
        Assert.Equal(expected, one.Run(("x", DataType.Float, input, x))[0]);
        Assert.Equal(expected, three.Run(("x", DataType.Float, input, x))[0]);
    }

    [Theory]
    [InlineData(128, 28, true)]
    [InlineData(256, 56, true)]
    [InlineData(512, 7, false)] // hardly any tiles for its weights
    [InlineData(16, 96, false)] // hardly any products for its tiles
    public void It_is_taken_where_it_is_faster(long maps, long side, bool taken) =>
        Assert.Equal(taken, WinogradConvolutions.Run(OneConvolution([1, maps, side, side], maps, [1, 1, 1, 1], bias: false)).Graph.Initializer.Any(c => c.Name == "winograd_w"));

    [Theory]
    [InlineData("strides", 2)]
    [InlineData("dilations", 2)]
    public void Other_windows_stay_as_they_are(string attribute, long value)
    {
        var model = OneConvolution([1, 4, 9, 9], 4, [1, 1, 1, 1], bias: false, output: [1, 4, value == 2 && attribute == "strides" ? 5 : 7, value == 2 && attribute == "strides" ? 5 : 7], (attribute, new[] { value, value }));
        Assert.Same(model, WinogradConvolutions.Run(model, everywhere: true));
    }

    /// <summary>Where not all transformed weights find room, the convolutions that gain most for their size are rewritten.</summary>
    [Fact]
    public void The_weights_have_a_bound()
    {
        var b = new GraphBuilder();
        var x = b.Input("x", [1, 128, 28, 28]);
        for (var i = 0; i < 3; i++)
            x = b.Emit("Conv", [x, Weights(b, $"w{i}", 128, 128)], [1, 128, 28, 28], ("pads", new long[] { 1, 1, 1, 1 }));
        b.Output(x);
        var each = 4L * 36 * 128 * 128;
        var model = b.ToModel();
        int Rewritten(long bound) => WinogradConvolutions.Run(model, mostWeightBytes: bound).Graph.Initializer.Count(c => c.Name.StartsWith("winograd_w", StringComparison.Ordinal));
        Assert.Equal([0, 1, 2, 3], new[] { each - 1, each, 3 * each - 1, 3 * each }.Select(Rewritten));
    }

    private static ModelProto OneConvolution(long[] input, long maps, long[] pads, bool bias, long[]? output = null, params (string Name, object Value)[] attributes)
    {
        var b = new GraphBuilder();
        b.Input("x", input);
        string[] inputs = ["x", Weights(b, "w", maps, input[1]), .. bias ? new[] { b.Constant("bias", [maps], Array.ConvertAll(new Random(3).Floats(maps, -1, 1), v => (float)v)) } : []];
        output ??= [input[0], maps, input[2] + pads[0] + pads[2] - 2, input[3] + pads[1] + pads[3] - 2];
        b.Output(b.Emit("Conv", inputs, output, [("pads", pads), .. attributes]), "y");
        return b.ToModel();
    }

    private static string Weights(GraphBuilder b, string name, long maps, long channels)
    {
        b.Add(TensorData.Of(name, [maps, channels, 3, 3], Array.ConvertAll(new Random(2).Floats(maps * channels * 9, -1, 1), v => (float)v)));
        return name;
    }

    private static ModelProto Forward(OnnxGraph graph, string stage)
    {
        var builder = GradientGraph.Forward(graph, stage);
        builder.Output(stage);
        return builder.ToModel();
    }

    private static double[] Output(ModelProto model, long[] shape, double[] x)
    {
        using var session = model.Session();
        return session.Run(("x", DataType.Float, shape, x))[0];
    }

    private static void AssertClose(double[] expected, double[] actual, double largestError = LargestError)
    {
        Assert.Equal(expected.Length, actual.Length);
        Assert.True(expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() <= largestError * expected.Max(Math.Abs), $"largest error {expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / expected.Max(Math.Abs):g3}");
    }
}
