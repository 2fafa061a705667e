using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.AttentionHeads;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using PerceptionStudy.Synthesis.Tests.Architectures;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Graphs.AttentionHeads;

/// <summary>Attention and its gradient as one operator each against the standard's operators, in the forms in which exporters write it.</summary>
public class AttentionFusionTests
{
    private const string Forward = "HeadAttention", Gradient = "HeadAttentionGradient", Together = "HeadAttentionGradientTogether";

    public static TheoryData<long, long, long> Sizes => new()
    {
        // Pictures, tokens, values of a head; 12 rows and 16 or 32 columns go together.
        { 1, 12, 32 }, { 1, 13, 32 }, { 2, 16, 64 }, { 1, 33, 32 }, { 2, 70, 96 }, { 1, 197, 64 },
    };

    /// <summary>timm: one dense layer, laid out [3, N, heads, length, size]; a third of the gradient's results each lie in one tensor.</summary>
    [Theory, MemberData(nameof(Sizes))]
    public void Queries_keys_and_values_of_one_layer_split(long pictures, long tokens, long size)
    {
        var net = Packed(pictures, tokens, 3, size).Constant("order", [5], pictures, tokens, 3, 3, size).Constant("axis", [1], 0L).Constant("scale", [], 0.6f)
            .Node("Reshape", "apart", ["all", "order"]).Node("Transpose", "turned", ["apart"], ("perm", new long[] { 2, 0, 3, 1, 4 })).Node("Split", ["q1", "k1", "v1"], ["turned"], ("axis", 0L), ("num_outputs", 3L))
            .Node("Squeeze", "q", ["q1", "axis"]).Node("Squeeze", "k", ["k1", "axis"]).Node("Squeeze", "v", ["v1", "axis"])
            .Node("Transpose", "kt", ["k"], ("perm", new long[] { 0, 1, 3, 2 })).Node("Mul", "qs", ["q", "scale"]).Node("Mul", "ks", ["kt", "scale"]);
        var left = Compare(Attend(net, "qs", "ks", "v", pictures, tokens, 3 * size), [pictures, tokens, 3 * size], Forward, Together);
        // Nothing is copied into another order, but for the weights of dense layers.
        Assert.All(left.Graph.Node.Where(n => n.OpType == "Transpose"), n => Assert.Contains(left.Graph.Initializer, i => i.Name == n.Input[0]));
        Assert.DoesNotContain(left.Graph.Node, n => n.OpType is "Split" or "Concat" or "Softmax");
    }

    /// <summary>nn.MultiheadAttention: [length, N, values], laid apart by Gather, heads of all pictures in one dimension.</summary>
    [Theory, MemberData(nameof(Sizes))]
    public void Queries_keys_and_values_of_one_layer_gathered(long pictures, long tokens, long size)
    {
        var net = Packed(tokens, pictures, 2, size).Constant("order", [4], tokens, pictures, 3, 2 * size).Constant("together", [3], tokens, 2 * pictures, size).Constant("heads", [4], pictures, 2, tokens, size).Constant("scale", [], 3f)
            .Node("Reshape", "apart", ["all", "order"]);
        foreach (var (name, index) in new[] { ("q", 0L), ("k", 1L), ("v", -1L) })
            net.Constant(name + "i", [], index).Node("Gather", name + "1", ["apart", name + "i"], ("axis", 2L)).Node("Reshape", name + "2", [name + "1", "together"])
                .Node("Transpose", name + "3", [name + "2"], ("perm", new long[] { 1, 0, 2 })).Node("Reshape", name, [name + "3", "heads"]);
        net.Node("Transpose", "kt", ["k"], ("perm", new long[] { 0, 1, 3, 2 })).Node("MatMul", "s", ["q", "kt"]).Node("Div", "scores", ["s", "scale"]).Node("Softmax", "p", ["scores"], ("axis", -1L))
            .Node("MatMul", "o", ["p", "v"]).Node("Transpose", "o1", ["o"], ("perm", new long[] { 2, 0, 1, 3 })).Constant("joined", [2], tokens * pictures, 2 * size).Node("Reshape", "o2", ["o1", "joined"]).Node("Tanh", "y", ["o2"]);
        Compare(net, [tokens, pictures, 2 * size], Forward, Together);
    }

    /// <summary>A dense layer for each, and attention of 40 places to some of them.</summary>
    [Theory]
    [InlineData(12)]
    [InlineData(17)]
    [InlineData(40)]
    public void Layers_of_their_own_and_other_keys(long keys)
    {
        const long Tokens = 40, Size = 32;
        var net = new TestModel().Input("x", [2, Tokens, 64]).Constant("from", [1], 0L).Constant("to", [1], keys).Constant("axes", [1], 1L).Constant("factor", [], 0.4f)
            .Constant("heads", [4], 2, -1L, 2, Size).Node("Slice", "few", ["x", "from", "to", "axes"]);
        foreach (var (name, of) in new[] { ("q", "x"), ("k", "few"), ("v", "few") })
            net.Weights(name + "w", 64, 64).Node("MatMul", name + "1", [of, name + "w"]).Node("Reshape", name + "2", [name + "1", "heads"]);
        net.Node("Transpose", "q", ["q2"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Transpose", "kt", ["k2"], ("perm", new long[] { 0, 2, 3, 1 })).Node("Transpose", "v", ["v2"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Node("MatMul", "s", ["q", "kt"]).Node("Mul", "scores", ["factor", "s"]).Node("Softmax", "p", ["scores"]).Node("MatMul", "o", ["p", "v"]).Node("Mul", "y", ["o", "factor"]);
        Compare(net, [2, Tokens, 64], Forward, Gradient);
    }

    /// <summary>Three dimensions, nothing in another order but the keys; the same tensor is queries, keys and values.</summary>
    [Fact]
    public void Without_layers() =>
        Compare(new TestModel().Input("x", [5, 20, 32]).Node("Neg", "n", ["x"]).Node("Transpose", "kt", ["n"], ("perm", new long[] { 0, 2, 1 })).Node("MatMul", "s", ["n", "kt"]).Node("Softmax", "p", ["s"]).Node("MatMul", "o", ["p", "n"]).Node("Tanh", "y", ["o"]),
            [5, 20, 32], Forward, Gradient);

    /// <summary>Weights that are the stage, or that something else reads too: their gradient is not that of attention alone.</summary>
    [Theory]
    [InlineData("p")]
    [InlineData("y")]
    public void Weights_are_read(string stage)
    {
        var net = new TestModel().Input("x", [2, 2, 20, 32]).Node("Transpose", "kt", ["x"], ("perm", new long[] { 0, 1, 3, 2 })).Node("MatMul", "s", ["x", "kt"]).Node("Softmax", "p", ["s"])
            .Node("MatMul", "o", ["p", "x"]).Node("Exp", "e", ["p"]).Constant("axes", [1], -1L).Node("ReduceSum", "other", ["e", "axes"]).Node("Mul", "y", ["o", "other"]);
        Compare(net, [2, 2, 20, 32], stage, stage == "p" ? [] : [Forward]);
    }

    /// <summary>Whole nets, whose gradients <see cref="Kernels.CpuKernelsTests"/> compares with libtorch's; behind the last attention only the class token is asked for.</summary>
    [Theory]
    [InlineData("vit_wide_heads")]
    [InlineData("clip_vit_wide_heads")]
    public void Attention_of_architectures_is_found(string name)
    {
        var model = GradientGraph.Build(OnnxGraph.Load(Reference.Model(name)), Reference.Of(name).Stages[^1].Tensor);
        FusedNodes.Run(model.Graph);
        AttentionFusion.Run(model.Graph);
        Assert.Equal([Forward, Together], model.Graph.Node.Select(n => n.OpType).Where(o => o.StartsWith(Forward, StringComparison.Ordinal)));
        Assert.Single(model.Graph.Node, n => n.OpType == "Softmax");
    }

    /// <summary>What reads a result before it is joined keeps it as it is.</summary>
    [Fact]
    public void A_result_is_read_twice() =>
        Compare(new TestModel().Input("x", [2, 2, 20, 32]).Node("Transpose", "kt", ["x"], ("perm", new long[] { 0, 1, 3, 2 })).Node("MatMul", "s", ["x", "kt"]).Node("Softmax", "p", ["s"])
            .Node("MatMul", "o", ["p", "x"]).Node("Transpose", "o1", ["o"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Transpose", "o2", ["o"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Exp", "e", ["o2"]).Node("Add", "y", ["o1", "e"]),
            [2, 2, 20, 32], Forward, Gradient);

    /// <summary>Few tokens, narrow heads, a bias at the scores, a Softmax over queries.</summary>
    [Theory]
    [InlineData(11, 32, "")]
    [InlineData(20, 24, "")]
    [InlineData(20, 32, "bias")]
    [InlineData(20, 32, "axis")]
    public void Other_attention_stays_as_it_is(long tokens, long size, string kind)
    {
        var net = new TestModel().Input("x", [2, 2, tokens, size]).Node("Transpose", "kt", ["x"], ("perm", new long[] { 0, 1, 3, 2 })).Node("MatMul", "s", ["x", "kt"]);
        if (kind == "bias")
            net.Uniform("b", [tokens, tokens], 1).Node("Add", "scores", ["s", "b"]);
        Compare(net.Node("Softmax", "p", [kind == "bias" ? "scores" : "s"], ("axis", kind == "axis" ? -2L : -1L)).Node("MatMul", "y", ["p", "x"]), [2, 2, tokens, size]);
    }

    /// <summary>A picture's numbers do not depend on which others go with it, nor on the number of threads.</summary>
    [Fact]
    public void The_same_bytes_alone_and_together()
    {
        static double[] Run(double[] x, long pictures, int threads)
        {
            var (model, _) = Models(new TestModel().Input("x", [pictures, 2, 20, 32]).Node("Transpose", "kt", ["x"], ("perm", new long[] { 0, 1, 3, 2 })).Node("MatMul", "s", ["x", "kt"]).Node("Softmax", "p", ["s"]).Node("MatMul", "y", ["p", "x"]), "y");
            AttentionFusion.Run(model.Graph);
            using var session = model.Session(threads: threads);
            return session.Run(("x", DataType.Float, [pictures, 2, 20, 32], x))[0];
        }
        var both = new Random(3).Floats(2 * 2 * 20 * 32, -1, 1);
        Assert.Equal(Run(both, 2, 2)[..(2 * 20 * 32)], Run(both[..(2 * 20 * 32)], 1, 1));
    }

    // x [first, second, heads · size] and a dense layer of three times as many values.
    private static TestModel Packed(long first, long second, long heads, long size) =>
        new TestModel().Input("x", [first, second, heads * size]).Weights("w", heads * size, 3 * heads * size).Node("MatMul", "all", ["x", "w"]);

    private static TestModel Attend(TestModel net, string q, string kt, string v, long pictures, long tokens, long width) =>
        net.Node("MatMul", "scores", [q, kt]).Node("Softmax", "p", ["scores"], ("axis", -1L)).Node("MatMul", "o", ["p", v]).Node("Transpose", "o1", ["o"], ("perm", new long[] { 0, 2, 1, 3 }))
            .Constant("joined", [3], pictures, tokens, width).Node("Reshape", "o2", ["o1", "joined"]).Weights("last", width, width).Node("MatMul", "y", ["o2", "last"]);

    private static Synthesis.Graphs.Format.ModelProto Compare(TestModel net, long[] shape, params string[] operators) => Compare(net, shape, "y", operators);

    // Value and gradient, on both ways.
    private static Synthesis.Graphs.Format.ModelProto Compare(TestModel net, long[] shape, string stage, string[] operators)
    {
        var (model, plain) = Models(net, stage);
        AttentionFusion.Run(model.Graph);
        Assert.Equal(operators.Order(StringComparer.Ordinal), model.Graph.Node.Select(n => n.OpType).Where(o => o.StartsWith(Forward, StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        var x = new Random(12).Floats(Shapes.Size(shape), -2, 2);
        using InferenceSession standard = plain.Session(), session = model.Session(threads: 2);
        var (expected, actual) = (standard.Run(("x", DataType.Float, shape, x)), session.Run(("x", DataType.Float, shape, x)));
        foreach (var (e, a) in expected.Zip(actual))
        {
            Assert.Equal(e.Length, a.Length);
            Assert.True(e.Zip(a, (p, q) => Math.Abs(p - q)).Max() <= 1e-5 * e.Max(Math.Abs));
        }
        return model;
    }

    // The value of a stage and the gradient of its sum, weighted: with notes of our operators followed, and as it is.
    private static (Synthesis.Graphs.Format.ModelProto Fused, Synthesis.Graphs.Format.ModelProto Plain) Models(TestModel net, string stage)
    {
        var graph = net.Output("y").Graph();
        var builder = GradientGraph.Forward(graph, stage);
        var weights = builder.Constant("weights", builder.Shape(stage), Array.ConvertAll(new Random(11).Floats(builder.Tensor(stage).Size, -1, 1), v => (float)v));
        builder.Output(stage);
        builder.Output(GradientGraph.Append(builder, graph, "x", stage, weights), "gradient");
        var model = builder.ToModel();
        var fused = model.Clone();
        fused.OpsetImport.Add(new Synthesis.Graphs.Format.OperatorSetIdProto { Domain = CpuKernels.Domain, Version = 1 });
        FusedNodes.Run(fused.Graph);
        return (fused, model);
    }
}
