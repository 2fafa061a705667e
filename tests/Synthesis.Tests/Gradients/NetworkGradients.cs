using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Gradients.Reference;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Whole networks, with the loss and in the precision of the product, at every kind of stage.</summary>
public class NetworkGradients
{
    public static TheoryData<string> Names => [.. Networks.All.Keys];

    public static TheoryData<string, int> NamesAndBatches => [.. from name in Networks.All.Keys from batch in new[] { 1, 3 } select (name, batch)];

    [Theory, MemberData(nameof(NamesAndBatches))]
    public void Gradient_equals_finite_differences_at_every_stage(string name, int batch)
    {
        var (build, stages) = Networks.All[name];
        var graph = build(batch).Graph();
        foreach (var stage in stages)
        {
            var random = new Random(17);
            var x = random.Floats(graph.Input.Size, 0, 1);
            var target = new Float64Network(graph).Run(stage, random.Floats(graph.Input.Size, 0, 1));
            var check = new LossCheck(graph, stage, x, target);
            Assert.Equal(check.ReferenceLoss(x), check.Loss, 1e-5 * check.Loss);
            var length = Running.Norm(check.Gradient);
            Assert.True(length > 1e-6, $"At {stage} the gradient is {length:g3}.");

            // Along the gradient, and along what weighs every pixel's derivative differently: an error orthogonal to the gradient shows too.
            for (var i = 0; i < 4; i++)
            {
                double[] direction = i == 0 ? check.Gradient : [.. check.Gradient.Zip(random.Uniform(x.Length, 0, 2), (g, w) => g * w)];
                var ratio = check.Difference(direction, 1e-6) / Running.Dot(check.Gradient, direction);
                Assert.True(Math.Abs(ratio - 1) <= 1e-4, $"At {stage} the loss changes {ratio:g8} times as fast as the gradient says.");
            }
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_batch_has_the_gradients_of_its_pictures(string name)
    {
        var (build, stages) = Networks.All[name];
        var stage = stages[^1];
        var (one, three) = (build(1).Graph(), build(3).Graph());
        var random = new Random(23);
        double[] x = random.Floats(three.Input.Size, 0, 1), target = random.Floats(three.Tensors[stage].Size, 0, 1);
        var together = Run(three, stage, x, target);
        var apart = x.Chunk(x.Length / 3).Zip(target.Chunk(target.Length / 3), (picture, a) => Run(one, stage, picture, a)).ToArray();
        Assert.All(together[0].Zip(apart.SelectMany(a => a[0])), p => Assert.Equal(p.Second, p.First, 1e-5));
        var allowed = 1e-4 * together[1].Max(Math.Abs);
        Assert.All(together[1].Zip(apart.SelectMany(a => a[1])), p => Assert.Equal(p.Second, p.First, allowed));
    }

    private static double[][] Run(OnnxGraph graph, string stage, double[] x, double[] target)
    {
        using var session = GradientGraph.Build(graph, stage).Session();
        return session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x), ("target", graph.Tensors[stage].Type, graph.Tensors[stage].Shape, target));
    }
}
