using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Stages;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>A real ImageNet network, by finite differences along the gradient and along random directions (float32 throughout).</summary>
public class SqueezeNet
{
    private static readonly string File = Repository.Reference("imagenet", "squeezenet-imagenet-unit-rgb.onnx");

    [Theory]
    [InlineData("conv1_2")]
    [InlineData("fire3/concat_1")]
    [InlineData("fire9/concat_1")]
    [InlineData("pool10_1")]
    public void Loss_falls_along_the_gradient_as_it_says(string stageName)
    {
        Assert.SkipUnless(System.IO.File.Exists(File), "The reference network is not beside the repository.");
        var graph = OnnxGraph.Load(File);
        var stage = StageCatalog.Find(graph, stageName);
        using var session = GradientGraph.Build(graph, stage.Tensor, new GradientOptions { IdentityReluAtStage = false }).Session();
        using var forward = graph.ToModel(stage.Tensor).Session();
        var random = new Random(3);
        var (input, size) = (graph.Input, graph.Tensors[stage.Tensor]);
        var target = forward.Run((input.Name, input.Type, input.Shape, random.Uniform(input.Size, 0, 1)))[0];
        var x = random.Uniform(input.Size, 0.3, 0.7);

        (double Loss, double[] Gradient) At(double[] point)
        {
            var results = session.Run((input.Name, input.Type, input.Shape, point), ("target", size.Type, size.Shape, target));
            return (results[0][0], results[1]);
        }

        var (_, gradient) = At(x);
        var length = Running.Norm(gradient);
        Assert.True(length > 0);
        const double step = 0.1; // L2 length of the change in the picture: small for the network, large against float32's rounding
        var up = x.Zip(gradient, (v, g) => v + step * g / length).ToArray();
        var down = x.Zip(gradient, (v, g) => v - step * g / length).ToArray();
        var slope = (At(up).Loss - At(down).Loss) / (2 * step);
        Assert.InRange(slope / length, 0.97, 1.03);
    }
}
