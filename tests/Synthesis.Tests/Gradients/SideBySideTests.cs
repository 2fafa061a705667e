using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Tests.Architectures;
using PerceptionStudy.Synthesis.Tests.Graphs;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Gradients of what was taken from a tensor piece by piece: joined where the pieces fill it, else summed.</summary>
public class SideBySideTests
{
    private static readonly double[] X = [0.5, -1, 2, 0.25, -0.75, 1.5];

    /// <summary>In any order, also counted from the end.</summary>
    [Theory]
    [InlineData(0, 1, 2)]
    [InlineData(2, -2, 0)]
    public void Pieces_that_fill_an_axis_are_joined(long neg, long exp, long abs)
    {
        var net = new TestModel().Input("x", [2, 3]).Constant("i", [], neg).Constant("j", [], exp).Constant("k", [], abs)
            .Node("Gather", "a", ["x", "i"], ("axis", 1L)).Node("Gather", "b", ["x", "j"], ("axis", 1L)).Node("Gather", "c", ["x", "k"], ("axis", 1L))
            .Node("Neg", "d", ["a"]).Node("Exp", "e", ["b"]).Node("Abs", "f", ["c"]).Node("Sum", "y", ["d", "e", "f"]);
        var (gradient, operators) = Of(net);
        for (var i = 0; i < X.Length; i++)
            Assert.Equal((i % 3) switch { var at when at == neg => -1, 1 => Math.Exp(X[i]), _ => Math.Sign(X[i]) }, gradient[i], 1e-6);
        Assert.Contains("Concat", operators);
        Assert.DoesNotContain(operators, o => o is "Add" or "Sum");
    }

    /// <summary>A place that nothing takes, one that two take, pieces of two axes.</summary>
    [Theory]
    [InlineData("0 1 1|2 3 1", "Add")]
    [InlineData("0 2 1|1 3 1", "Add")]
    [InlineData("0 1 1|1 3 1|0 1 1", "Sum")]
    [InlineData("0 1 0|1 2 1", "Add")]
    public void Other_pieces_are_summed(string slices, string sum)
    {
        var net = new TestModel().Input("x", [2, 3]);
        var expected = new double[X.Length];
        string[] parts = [.. slices.Split('|').Select((slice, n) =>
        {
            var (from, to, axis) = (long.Parse(slice[..1]), long.Parse(slice[2..3]), long.Parse(slice[4..]));
            net.Constant($"f{n}", [1], from).Constant($"t{n}", [1], to).Constant($"a{n}", [1], axis).Node("Slice", $"s{n}", ["x", $"f{n}", $"t{n}", $"a{n}"]).Node("Exp", $"e{n}", [$"s{n}"])
                .Constant($"none{n}", [2], 0L, 1L).Node("ReduceSum", $"r{n}", [$"e{n}", $"none{n}"]);
            for (var i = 0; i < X.Length; i++)
                expected[i] += (axis == 0 ? i / 3 : i % 3) is var at && at >= from && at < to ? Math.Exp(X[i]) : 0;
            return $"r{n}";
        })];
        var (gradient, operators) = Of(net.Node("Sum", "y", parts));
        for (var i = 0; i < X.Length; i++)
            Assert.Equal(expected[i], gradient[i], 1e-5);
        Assert.Contains(sum, operators);
        Assert.DoesNotContain("Concat", operators);
    }

    // Gradient of y's sum, and the operators of the backward pass.
    private static (double[] Gradient, string[] Operators) Of(TestModel net)
    {
        var graph = net.Output("y").Graph();
        var builder = GradientGraph.Forward(graph, "y");
        var forward = builder.Nodes.Count;
        var ones = builder.Constant("ones", builder.Shape("y"), Enumerable.Repeat(1f, (int)builder.Tensor("y").Size).ToArray());
        builder.Output(GradientGraph.Append(builder, graph, "x", "y", ones), "gradient");
        var model = builder.ToModel();
        using var session = model.Session();
        return (session.Run(("x", DataType.Float, [2, 3], X))[0], [.. model.Graph.Node.Skip(forward).Select(n => n.OpType)]);
    }
}
