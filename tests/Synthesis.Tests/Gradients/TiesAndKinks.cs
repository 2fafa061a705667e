using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Where a derivative does not exist, the gradient is what docs/OPERATORS.md says, and a number.</summary>
public class TiesAndKinks
{
    [Fact]
    public void Equal_operands_share() =>
        Assert.Equal([0.5, 0, 1], Gradient(m => m.Constant("c", [1, 3], 1f, 2f, 0f).Node("Max", "y", ["x", "c"]), [1, 1, 1], [1, 1, 1]));

    [Fact]
    public void Equal_values_share() =>
        Assert.Equal([1, 0, 1, 1], Gradient(m => m.Constant("a", [1], 1L).Node("ReduceMax", "y", ["x", "a"]), [2, 1, 2, 2], [3]));

    [Fact]
    public void Equal_smallest_values_share() =>
        Assert.Equal([0, 1.5, 1.5], Gradient(m => m.Constant("a", [1], -1L).Node("ReduceMin", "y", ["x", "a"], ("keepdims", 0L)), [2, 1, 1], [3]));

    [Fact]
    public void Rectifiers_pass_nothing_at_0_and_Clip_passes_at_its_limits()
    {
        Assert.Equal([0, 0, 1], Gradient(m => m.Node("Relu", "y", ["x"]), [-1, 0, 1], [1, 1, 1]));
        Assert.Equal([1, 1, 0], Gradient(m => m.Constant("low", [], 0f).Constant("high", [], 1f).Node("Clip", "y", ["x", "low", "high"]), [0, 1, 2], [1, 1, 1]));
        Assert.Equal([0, 0, 0], Gradient(m => m.Node("Abs", "y", ["x"]), [0, 0, 0], [1, 1, 1]));
    }

    [Fact]
    public void The_norm_of_nothing_has_no_direction()
    {
        Assert.Equal([0, 0], Gradient(m => m.Constant("a", [1], 1L).Node("ReduceL2", "y", ["x", "a"]), [0, 0], [1]));
        Assert.Equal([0, 0, 0, 0], Gradient(m => m.Constant("s", [4], 1L, 1L, 2L, 2L).Node("Reshape", "r", ["x", "s"])
            .Node("LpPool", "y", ["r"], ("kernel_shape", new long[] { 2, 2 })), [0, 0, 0, 0], [1]));
        Assert.Equal([0, 0.25], Gradient(m => m.Node("Sqrt", "y", ["x"]), [0, 4], [1, 1]));
        Assert.All(Gradient(m => m.Node("LpNormalization", "y", ["x"]), [0, 0], [1, 1]), g => Assert.True(double.IsFinite(g)));
    }

    [Fact]
    public void Products_with_zeros_keep_the_others()
    {
        static TestModel Product(TestModel m) => m.Constant("a", [1], 1L).Node("ReduceProd", "y", ["x", "a"]);
        Assert.Equal([6, 3, 2], Gradient(Product, [1, 2, 3], [1]));
        Assert.Equal([0, 6, 0], Gradient(Product, [2, 0, 3], [1]));
        Assert.Equal([0, 0, 0], Gradient(Product, [2, 0, 0], [1]));
    }

    [Fact]
    public void The_power_0_is_flat_even_at_0() =>
        Assert.Equal([0, 0], Gradient(m => m.Constant("p", [], 0f).Node("Pow", "y", ["x", "p"]), [0, 3], [1, 1]));

    private static double[] Gradient(Func<TestModel, TestModel> operators, double[] x, double[] dy) =>
        FiniteDifferences.Gradient(operators(new TestModel().Input("x", [1, x.Length])).Output("y").Graph(), "y", dy, x);
}
