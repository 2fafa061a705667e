using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>What the engine emits it can differentiate again: the backward pass is a graph of ordinary operators.</summary>
public class SecondDerivatives
{
    private const string Cotangent = "u", Direction = "v";

    public static TheoryData<string, string> Stages => [.. Networks.All.SelectMany(n => n.Value.Stages, (n, stage) => (n.Key, stage))];

    [Theory, MemberData(nameof(Stages))]
    public void The_forward_product_is_the_transpose_of_the_backward_one(string name, string stage)
    {
        var graph = Networks.All[name].Build(1).Graph();
        var random = new Random(29);
        double[] x = random.Floats(graph.Input.Size, 0, 1), v = random.Floats(x.Length, -1, 1), u = random.Floats(graph.Tensors[stage].Size, -1, 1);
        var (backward, forward) = (Run(Products(graph, stage, Cotangent), x, u, v), Run(Products(graph, stage, Cotangent, Cotangent), x, u, v));
        Assert.Equal(graph.Tensors[stage].Size, forward.Length);
        Assert.Equal(Running.Dot(backward, v), Running.Dot(forward, u), 2e-4 * Running.Norm(forward) * Running.Norm(u));
        Assert.True(Running.Norm(forward) > 1e-6);
    }

    [Theory]
    [InlineData("gelu")]
    [InlineData("weights")]
    [InlineData("y")]
    public void The_second_derivative_of_a_smooth_network_is_the_change_of_its_gradient(string stage)
    {
        var graph = Gelu().Graph();
        var random = new Random(31);
        double[] x = random.Floats(graph.Input.Size, -1, 1), v = random.Floats(x.Length, -1, 1), u = random.Floats(graph.Tensors[stage].Size, -1, 1);
        var gradient = Products(graph, stage, Cotangent);
        const double Step = 1e-2;
        var (up, down) = (Run(gradient, [.. x.Zip(v, (a, b) => a + Step * b)], u, v), Run(gradient, [.. x.Zip(v, (a, b) => a - Step * b)], u, v));
        double[] change = [.. up.Zip(down, (a, b) => (a - b) / (2 * Step))], second = Run(Products(graph, stage, Cotangent, graph.Input.Name), x, u, v);
        Assert.True(Running.Norm(second) > 1e-2, "a network that bends");
        Assert.True(Running.Norm([.. change.Zip(second, (a, b) => a - b)]) <= 5e-3 * Running.Norm(second));
    }

    /// <summary>A dense layer, GELU as exporters write it out, and attention over three tokens.</summary>
    private static TestModel Gelu() => new TestModel().Input("x", [1, 3, 6]).Weights("w1", 6, 6).Node("MatMul", "dense", ["x", "w1"])
        .Constant("root2", [], 1.4142135f).Constant("one", [], 1f).Constant("half", [], 0.5f)
        .Node("Div", "scaled", ["dense", "root2"]).Node("Erf", "erf", ["scaled"]).Node("Add", "moved", ["erf", "one"]).Node("Mul", "gated", ["dense", "moved"]).Node("Mul", "gelu", ["gated", "half"])
        .Node("Transpose", "t", ["gelu"], ("perm", new long[] { 0, 2, 1 })).Node("MatMul", "scores", ["gelu", "t"]).Node("Softmax", "weights", ["scores"])
        .Node("MatMul", "mixed", ["weights", "gelu"]).Node("Tanh", "y", ["mixed"]).Output("y");

    // Jᵀu; and with a second name the gradient of ⟨Jᵀu, v⟩ by that tensor.
    private static ModelProto Products(OnnxGraph graph, string stage, string cotangent, string? by = null)
    {
        var builder = GradientGraph.Forward(graph, stage);
        var u = builder.Input(cotangent, graph.Tensors[stage].Shape);
        var v = builder.Input(Direction, graph.Input.Shape);
        var options = new GradientOptions { IdentityReluAtStage = false };
        var product = GradientGraph.Append(builder, graph, graph.Input.Name, stage, u, options);
        builder.Output(by is null ? product : GradientGraph.Append(builder, graph, by, product, v, options), "product");
        return builder.ToModel();
    }

    private static double[] Run(ModelProto model, double[] x, double[] u, double[] v)
    {
        using var session = model.Session();
        return session.Run([.. model.Graph.Input.Select(i => (i.Name, (TensorProto.Types.DataType)i.Type.TensorType.ElemType,
            i.Type.TensorType.Shape.Dim.Select(d => d.DimValue).ToArray(), i.Name switch { Cotangent => u, Direction => v, _ => x }))])[0];
    }
}
