using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Stages;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Architectures;

/// <summary>Whole architectures, as PyTorch's exporter writes them: forward pass, loss and gradient against libtorch in float64, at three stages.</summary>
public class ArchitectureGradients
{
    private const double SmallestCosine = 0.99999, LargestError = 1e-3;

    // Their windows or heads are reshaped together with the pictures, in numbers that the exporter wrote for one.
    private static readonly HashSet<string> MadeForOnePicture = ["clip_rn50", "clip_vit", "clip_vit_wide_heads", "swin"];

    public static TheoryData<string> Names => [.. Reference.Names];

    [Theory, MemberData(nameof(Names))]
    public void Forward_pass_and_gradient_equal_libtorch(string name)
    {
        var graph = OnnxGraph.Load(Reference.Model(name));
        var reference = Reference.Of(name);
        double[] natural = Reference.Numbers(reference.Natural), x = Reference.Numbers(reference.At);
        Assert.Equal(3, reference.Stages.Length);
        foreach (var stage in reference.Stages)
        {
            var target = Activation(graph, stage.Tensor, natural);
            AssertClose(Reference.Numbers(stage.Activation), Activation(graph, stage.Tensor, x), 1e-4, $"{stage.Name}, forward");
            using var session = GradientGraph.Build(graph, stage.Tensor).Session();
            var results = session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x), ("target", graph.Tensors[stage.Tensor].Type, graph.Tensors[stage.Tensor].Shape, target));
            Assert.Equal(stage.Loss, results[0].Single(), 1e-4 * stage.Loss);
            AssertClose(Reference.Numbers(stage.Gradient), results[1], LargestError, $"{stage.Name}, gradient");
        }
    }

    /// <summary>Two pictures at once: the one of the reference, and another beside it. Files that cannot take two say so.</summary>
    [Theory, MemberData(nameof(Names))]
    public void The_picture_beside_it_changes_nothing(string name)
    {
        var reference = Reference.Of(name);
        var one = OnnxGraph.Load(Reference.Model(name));
        if (MadeForOnePicture.Contains(name))
        {
            Assert.Contains("cannot take 2 inputs at once", Assert.Throws<ModelFormatException>(() => one.WithBatch(2)).Message, StringComparison.Ordinal);
            return;
        }
        var two = one.WithBatch(2);
        double[] natural = Reference.Numbers(reference.Natural), x = Reference.Numbers(reference.At);
        foreach (var stage in reference.Stages)
        {
            double[] targets = [.. Activation(one, stage.Tensor, natural), .. Activation(one, stage.Tensor, x)];
            using var session = GradientGraph.Build(two, stage.Tensor).Session();
            var results = session.Run((two.Input.Name, two.Input.Type, two.Input.Shape, [.. x, .. natural]), ("target", two.Tensors[stage.Tensor].Type, two.Tensors[stage.Tensor].Shape, targets));
            Assert.Equal(stage.Loss, results[0][0], 1e-4 * stage.Loss);
            AssertClose(Reference.Numbers(stage.Gradient), results[1][..x.Length], LargestError, $"{stage.Name}, gradient of the first picture");
        }
    }

    [Theory, MemberData(nameof(Names))]
    public void A_gradient_reaches_the_input_from_every_stage(string name) =>
        Assert.All(StageCatalog.List(OnnxGraph.Load(Reference.Model(name))), s => Assert.True(s.Differentiable, s.Reason));

    private static double[] Activation(OnnxGraph graph, string tensor, double[] x)
    {
        using var session = graph.ToModel(tensor).Session();
        return session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x))[0];
    }

    private static void AssertClose(double[] expected, double[] actual, double largestError, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        var error = expected.Zip(actual, (e, a) => Math.Abs(e - a)).Max() / expected.Max(Math.Abs);
        var cosine = Running.Dot(expected, actual) / Running.Norm(expected) / Running.Norm(actual);
        Assert.True(error <= largestError && cosine >= SmallestCosine, $"{what}: largest error {error:g3} of the largest component, 1 − cosine {1 - cosine:g3}.");
    }
}
