using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Tests.Architectures;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>Of what only a part is taken, only that part is computed, forward and backward, and the result is that of the whole.</summary>
public class NeededPartsTests
{
    private static readonly long[] Shape = [2, 5, 8];

    /// <summary>Nets, and those of their tensors of which a part suffices.</summary>
    public static TheoryData<string, string> Nets => new()
    {
        { "one token behind a block", "n h a e g m r" },
        { "one token behind attention", "l p a t f o" },
        { "normalised in single steps", "m c q v w s d" },
        { "with constants for each token, and for all", "a m t" },
        { "the last two tokens", "e" },
        { "the same token twice", "e" },
        { "rows of a matrix", "g r" },
        { "tokens before pictures", "m n b" },
    };

    [Theory, MemberData(nameof(Nets))]
    public void What_leads_to_a_part_is_computed_for_that_alone(string net, string tensors)
    {
        var (graph, builder) = Compare(Net(net));
        Assert.All(tensors.Split(' '), tensor => Assert.False(builder.Has(tensor), tensor));
        Assert.All(tensors.Split(' '), tensor => Assert.Contains(builder.Nodes, n => n.Name == graph.Producers[tensor].Name && builder.Tensor(n.Output[0]).Size < graph.Tensors[tensor].Size));
    }

    [Theory]
    [InlineData("two tokens for themselves")]
    [InlineData("read whole as well")]
    [InlineData("a softmax over the tokens")]
    [InlineData("columns of a product")]
    [InlineData("of the input itself")]
    public void What_needs_the_whole_stays(string net)
    {
        var (graph, builder) = Compare(Net(net));
        Assert.Equal(graph.Nodes.Select(n => n.OpType), builder.Nodes.Take(graph.Nodes.Count).Select(n => n.OpType));
    }

    /// <summary>The paper's last stage of transformers that decide by their class token.</summary>
    [Theory]
    [InlineData("vit")]
    [InlineData("clip_vit")]
    public void A_class_token_goes_alone_behind_the_last_attention(string name)
    {
        var graph = OnnxGraph.Load(Reference.Model(name));
        var builder = GradientGraph.Forward(graph, Reference.Of(name).Stages[^1].Tensor);
        long Products(IEnumerable<NodeProto> nodes, Func<string, long[]> shape) => nodes.Where(n => n.OpType is "MatMul" or "Gemm").Sum(n => Shapes.Size(shape(n.Output[0])));
        Assert.True(Products(builder.Nodes, builder.Shape) < Products(graph.Nodes, t => graph.Tensors[t].Shape));
    }

    // The stage y, and the gradient of its weighted sum, as the model computes it and as it is computed where y alone is wanted.
    private static (OnnxGraph Graph, GraphBuilder Builder) Compare(TestModel net)
    {
        var graph = net.Output("y").Graph();
        var builder = Built("y");
        var x = new Random(3).Floats(graph.Input.Size, 0.2, 1);
        using InferenceSession expected = Built([.. graph.Producers.Keys]).ToModel().Session(), actual = builder.ToModel().Session();
        var (whole, part) = (expected.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x)), actual.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x)));
        for (var output = 0; output < 2; output++)
        {
            Assert.Equal(whole[output].Length, part[output].Length);
            Assert.All(whole[output].Zip(part[output]), pair => Assert.Equal(pair.First, pair.Second, 1e-5 * whole[output].Max(Math.Abs)));
        }
        Assert.Contains(whole[1], g => g != 0);
        return (graph, builder);

        GraphBuilder Built(params string[] tensors)
        {
            var built = GradientGraph.Forward(graph, tensors);
            built.Output("y", "stage");
            var weights = built.Constant("weights", built.Shape("y"), Array.ConvertAll(new Random(12).Floats(built.Tensor("y").Size, -1, 1), v => (float)v));
            built.Output(GradientGraph.Append(built, graph, "x", "y", weights), "gradient");
            return built;
        }
    }

    private static TestModel Net(string name)
    {
        var net = new TestModel().Input("x", Shape).Constant("two", [], 2L).Constant("minus_three", [], -3L).Constant("zero", [], 0L).Constant("fourth", [1], 3L).Constant("end", [1], 1000L).Constant("along", [1], -2L);
        switch (name)
        {
            case "one token behind a block":
                return net.Uniform("s", [8], .5, 1).Uniform("o", [8], .3).Weights("w", 8, 12).Uniform("b", [12], .3).Weights("v", 12, 8)
                    .Node("LayerNormalization", "n", ["x", "s", "o"], ("axis", -1L)).Node("MatMul", "h", ["n", "w"]).Node("Add", "a", ["b", "h"]).Node("Erf", "e", ["a"]).Node("Mul", "g", ["a", "e"])
                    .Node("MatMul", "m", ["g", "v"]).Node("Add", "r", ["x", "m"]).Node("Gather", "y", ["r", "two"], ("axis", 1L));
            case "one token behind attention":
                return net.Constant("heads", [4], 2L, 5, 2, 4).Constant("flat", [3], 2L, 5, 8).Weights("w", 8, 8)
                    .Node("Reshape", "h", ["x", "heads"]).Node("Transpose", "q", ["h"], ("perm", new long[] { 0, 2, 1, 3 })).Node("Transpose", "k", ["h"], ("perm", new long[] { 0, 2, 3, 1 }))
                    .Node("MatMul", "l", ["q", "k"]).Node("Softmax", "p", ["l"], ("axis", -1L)).Node("MatMul", "a", ["p", "q"]).Node("Transpose", "t", ["a"], ("perm", new long[] { 0, 2, 1, 3 }))
                    .Node("Reshape", "f", ["t", "flat"]).Node("MatMul", "o", ["f", "w"]).Node("Gather", "y", ["o", "minus_three"], ("axis", 1L));
            case "normalised in single steps":
                return net.Constant("last", [1], -1L).Constant("e", [], .01f).Node("ReduceMean", "m", ["x", "last"]).Node("Sub", "c", ["x", "m"]).Node("Mul", "q", ["c", "c"])
                    .Node("ReduceMean", "v", ["q", "last"]).Node("Add", "w", ["v", "e"]).Node("Sqrt", "s", ["w"]).Node("Div", "d", ["c", "s"]).Node("Gather", "y", ["d", "two"], ("axis", 1L));
            case "with constants for each token, and for all":
                return net.Uniform("each", [5, 1], 1).Uniform("all", [1, 1, 8], 1).Node("Add", "a", ["x", "each"]).Node("Mul", "m", ["all", "a"]).Node("Tanh", "t", ["m"]).Node("Gather", "y", ["t", "two"], ("axis", 1L));
            case "the last two tokens":
                return net.Node("Exp", "e", ["x"]).Node("Slice", "y", ["e", "fourth", "end", "along"]);
            case "the same token twice":
                return net.Node("Exp", "e", ["x"]).Node("Gather", "a", ["e", "two"], ("axis", 1L)).Node("Gather", "b", ["e", "minus_three"], ("axis", -2L)).Node("Mul", "y", ["a", "b"]);
            case "rows of a matrix":
                return net.Constant("flat", [2], 10L, 8).Weights("w", 8, 6).Uniform("b", [6], .3)
                    .Node("Reshape", "f", ["x", "flat"]).Node("Gemm", "g", ["f", "w", "b"]).Node("Relu", "r", ["g"]).Node("Gather", "y", ["r", "two"], ("axis", 0L));
            case "tokens before pictures":
                return net.Weights("w", 8, 6).Uniform("v", [1, 6, 3], 1).Node("Transpose", "t", ["x"], ("perm", new long[] { 1, 0, 2 })).Node("MatMul", "m", ["t", "w"]).Node("MatMul", "n", ["m", "v"])
                    .Node("Transpose", "b", ["n"], ("perm", new long[] { 1, 0, 2 })).Node("Gather", "y", ["b", "two"], ("axis", 1L));
            case "two tokens for themselves":
                return net.Node("Exp", "e", ["x"]).Node("Gather", "a", ["e", "two"], ("axis", 1L)).Node("Gather", "b", ["e", "zero"], ("axis", 1L)).Node("Mul", "y", ["a", "b"]);
            case "read whole as well":
                return net.Node("Exp", "e", ["x"]).Node("Gather", "a", ["e", "two"], ("axis", 1L)).Node("ReduceSum", "b", ["e"]).Node("Mul", "y", ["a", "b"]);
            case "a softmax over the tokens":
                return net.Node("Softmax", "e", ["x"], ("axis", 1L)).Node("Gather", "y", ["e", "two"], ("axis", 1L));
            case "columns of a product":
                return net.Weights("w", 8, 6).Node("MatMul", "e", ["x", "w"]).Node("Gather", "y", ["e", "two"], ("axis", 2L));
            default:
                return net.Node("Gather", "t", ["x", "two"], ("axis", 1L)).Node("Exp", "y", ["t"]);
        }
    }
}
