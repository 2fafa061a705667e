using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>The Relu at the stage passes its gradient on unmasked; every other Relu, and that one at another stage, masks.</summary>
public class IdentityReluAtStage
{
    private static readonly GradientOptions Masked = new() { IdentityReluAtStage = false };
    private static readonly double[] X = new Random(5).Floats(2 * 6 * 6, -1, 1);

    private static OnnxGraph Net => new TestModel().Input("x", [1, 2, 6, 6])
        .Conv("c1", "x", 2, 4, 3).Node("Relu", "r1", ["c1"])
        .Conv("c2", "r1", 4, 3, 3).Node("Relu", "r2", ["c2"])
        .Node("Flatten", "flat", ["r2"]).Output("flat").Graph();

    [Fact]
    public void Is_the_default() => Assert.True(new GradientOptions().IdentityReluAtStage);

    [Fact]
    public void At_the_stage_the_gradient_is_that_of_the_relus_input()
    {
        var r = Weights("r2");
        var identity = Gradient("r2", r, new());
        Assert.Equal(Gradient("c2", r, Masked), identity);
        Assert.NotEqual(Gradient("r2", r, Masked), identity);
    }

    [Fact]
    public void Silent_units_get_a_gradient()
    {
        var graph = new TestModel().Input("x", [1, 5]).Node("Relu", "y", ["x"]).Output("y").Graph();
        double[] x = [-2, -1, 0, 1, 2], r = [1, 2, 3, 4, 5];
        Assert.Equal(r, FiniteDifferences.Gradient(graph, "y", r, x, new()));
        Assert.Equal([0, 0, 0, 4, 5], FiniteDifferences.Gradient(graph, "y", r, x, Masked));
    }

    [Fact]
    public void Relus_before_the_stage_keep_their_masks() =>
        Assert.Equal(Gradient("c2", Weights("c2"), Masked), Gradient("c2", Weights("c2"), new()));

    [Fact]
    public void A_stage_behind_the_relu_masks_it() =>
        Assert.Equal(Gradient("r2", Weights("r2"), Masked), Gradient("flat", Weights("r2"), new()));

    private static double[] Weights(string stage) => new Random(9).Floats(Net.Tensors[stage].Size, -1, 1);

    private static double[] Gradient(string stage, double[] r, GradientOptions options) => FiniteDifferences.Gradient(Net, stage, r, X, options);
}
