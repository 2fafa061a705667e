using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using PerceptionStudy.Synthesis.Tests.Architectures;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Graphs.Kernels;

/// <summary>Gradients with our own operators against those with the standard's.</summary>
public class CpuKernelsTests
{
    private static readonly string[] Kinds = ["RectifierGradient", "MaxPoolGradient", "SoftmaxGradient", "LayerNormalizationGradient", "ErfGradient", "ErrorUnit", "ErrorUnitGradient"];

    public static TheoryData<string> Names => [.. Reference.Names];

    [Theory, MemberData(nameof(Names))]
    public void Loss_and_gradient_of_architectures_equal_libtorch(string name)
    {
        var graph = OnnxGraph.Load(Reference.Model(name));
        var reference = Reference.Of(name);
        foreach (var stage in reference.Stages)
        {
            using var forward = graph.ToModel(stage.Tensor).Session();
            var target = forward.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, Reference.Numbers(reference.Natural)))[0];
            using var session = CpuKernels.Run(GradientGraph.Build(graph, stage.Tensor)).Session();
            var results = session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, Reference.Numbers(reference.At)), ("target", graph.Tensors[stage.Tensor].Type, graph.Tensors[stage.Tensor].Shape, target));
            Assert.Equal(stage.Loss, results[0].Single(), 1e-4 * stage.Loss);
            AssertClose(Reference.Numbers(stage.Gradient), results[1], 1e-3);
        }
    }

    public static TheoryData<string, long[], string> Pools => new()
    {
        { "side by side", [2, 3, 8, 36], "2 2 0" },
        { "side by side, a row of them", [1, 2, 2, 16], "2 2 0" },
        { "side by side, not all", [1, 2, 7, 37], "2 2 0" },
        { "three by three, side by side", [1, 2, 9, 12], "3 3 0" },
        { "overlapping", [2, 3, 11, 14], "3 2 1" },
        { "overlapping, many", [1, 2, 6, 6], "3 1 1" },
        { "gaps", [1, 2, 9, 9], "2 3 0" },
        { "one value", [1, 1, 1, 1], "1 1 0" },
    };

    /// <summary>With few different values, so that many of a window are the largest.</summary>
    [Theory, MemberData(nameof(Pools))]
    public void MaxPool(string name, long[] shape, string window)
    {
        Assert.NotEmpty(name);
        var numbers = window.Split(' ').Select(long.Parse).ToArray();
        var (kernel, stride, pad) = (numbers[0], numbers[1], numbers[2]);
        TestModel Net(string x) => new TestModel().Input("x", shape).Node("Relu", "a", ["x"])
            .Node("MaxPool", "y", [x], ("kernel_shape", new[] { kernel, kernel }), ("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
        var random = new Random(7);
        double[] few = [.. Enumerable.Range(0, (int)Shapes.Size(shape)).Select(_ => random.Next(-2, 3) / 2.0)];
        Compare(Net("x"), few, "MaxPoolGradient");
        Compare(Net("a"), few, "MaxPoolGradient", "RectifierGradient");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(16)]
    [InlineData(40_003)]
    public void Rectifier_and_the_sum_before_it(long length)
    {
        var net = new TestModel().Input("x", [1, length]).Node("Relu", "a", ["x"]).Node("Neg", "b", ["a"]).Node("Exp", "c", ["a"]).Node("Mul", "y", ["b", "c"]);
        var model = Compare(net, new Random(8).Floats(length, -1, 1), "RectifierGradient");
        Assert.Equal(3, model.Graph.Node.Single(n => n.OpType == "RectifierGradient").Input.Count);
    }

    [Theory]
    [InlineData(3, 2)]
    [InlineData(70, 16)]
    [InlineData(5, 197)]
    public void Softmax_over_rows(long rows, long length) =>
        Compare(new TestModel().Input("x", [2, rows, length]).Node("Softmax", "y", ["x"], ("axis", -1L)), new Random(9).Floats(2 * rows * length, -3, 3), "SoftmaxGradient");

    [Theory]
    [InlineData(3, 5)]
    [InlineData(70, 16)]
    [InlineData(5, 197)]
    public void LayerNormalization_of_rows(long rows, long length) =>
        Compare(new TestModel().Input("x", [2, rows, length]).Uniform("scale", [length], 0.5, 1).Uniform("offset", [length], 0.3)
            .Node("LayerNormalization", "y", ["x", "scale", "offset"], ("axis", -1L), ("epsilon", 1e-3f)), new Random(10).Floats(2 * rows * length, -3, 5), "LayerNormalizationGradient");

    [Theory]
    [InlineData(1)]
    [InlineData(40_003)]
    public void Erf(long length) => Compare(new TestModel().Input("x", [1, length]).Node("Erf", "y", ["x"]), new Random(11).Floats(length, -4, 4), "ErfGradient");

    /// <summary>As PyTorch's exporters write it, and as we write the operator Gelu; with what follows it, since a factor is taken from there and from the gradient.</summary>
    [Theory]
    [InlineData("exporter", 1)]
    [InlineData("exporter", 40_003)]
    [InlineData("operator", 1)]
    [InlineData("operator", 40_003)]
    public void Gelu(string form, long length)
    {
        var net = new TestModel(opset: 20).Input("x", [1, length]).Node("Neg", "n", ["x"]);
        if (form == "operator")
            net.Node("Gelu", "u", ["n"]);
        else
            net.Constant("root", [], (float)Math.Sqrt(2)).Constant("one", [], 1f).Constant("half", [], 0.5f).Node("Div", "d", ["n", "root"])
                .Node("Erf", "e", ["d"]).Node("Add", "a", ["one", "e"]).Node("Mul", "p", ["n", "a"]).Node("Mul", "u", ["half", "p"]);
        var model = Compare(net.Node("Tanh", "y", ["u"]), new Random(13).Floats(length, -6, 6), "ErrorUnit", "ErrorUnitGradient");
        Assert.Equal(["Neg", "ErrorUnit", "Tanh"], model.Graph.Node.Take(3).Select(n => n.OpType));
        Assert.DoesNotContain(model.Graph.Node, n => n.Input.Contains("half"));
        // Natural pictures, for which there is no gradient, are computed alike.
        var forward = GradientGraph.Forward(net.Graph(), "y");
        forward.Output("y");
        Assert.Equal(["Neg", "ErrorUnit", "Tanh"], CpuKernels.Run(forward.ToModel()).Graph.Node.Select(n => n.OpType));
    }

    /// <summary>What looks like GELU, but has another argument or a gradient of its own, keeps its parts.</summary>
    [Fact]
    public void A_product_with_the_error_function_of_something_else_stays() =>
        Compare(new TestModel().Input("x", [1, 40]).Constant("one", [], 1f).Constant("two", [], 2f).Node("Neg", "n", ["x"]).Node("Mul", "d", ["x", "two"]).Node("Erf", "e", ["d"]).Node("Add", "a", ["e", "one"]).Node("Mul", "y", ["n", "a"]),
            new Random(14).Floats(40, -3, 3), "ErfGradient");

    /// <summary>What a file notes at a node is not taken for a note of ours.</summary>
    [Fact]
    public void Notes_of_files_are_not_read()
    {
        var file = new TestModel().Input("x", [1, 4]).Node("Exp", "y", ["x"]).Output("y").Proto;
        FusedNodes.Note(file.Graph.Node[0], new NodeProto { OpType = "ErfGradient", Domain = CpuKernels.Domain });
        Assert.Equal(["Exp"], CpuKernels.Run(OnnxGraph.From(file).ToModel("y")).Graph.Node.Select(n => n.OpType));
    }

    // The gradient of y's sum, weighted, on both ways.
    private static ModelProto Compare(TestModel net, double[] x, params string[] kernels)
    {
        var graph = net.Output("y").Graph();
        var builder = GradientGraph.Forward(graph, "y");
        var weights = builder.Constant("weights", builder.Shape("y"), Array.ConvertAll(new Random(12).Floats(builder.Tensor("y").Size, -1, 1), v => (float)v));
        builder.Output(GradientGraph.Append(builder, graph, "x", "y", weights), "gradient");
        var model = builder.ToModel();
        var rewritten = CpuKernels.Run(model);
        Assert.Equal(kernels.Order(StringComparer.Ordinal), rewritten.Graph.Node.Select(n => n.OpType).Intersect(Kinds).Order(StringComparer.Ordinal));
        using InferenceSession plain = model.Session(), session = rewritten.Session(threads: 2);
        AssertClose(plain.Run(("x", DataType.Float, graph.Input.Shape, x))[0], session.Run(("x", DataType.Float, graph.Input.Shape, x))[0], 1e-5);
        return rewritten;
    }

    private static void AssertClose(double[] expected, double[] actual, double largestError)
    {
        Assert.Equal(expected.Length, actual.Length);
        var (error, scale) = (expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max(), expected.Max(Math.Abs));
        Assert.True(error <= largestError * scale + 1e-9, $"largest error {error:g3}, largest value {scale:g3}");
    }
}
