using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Stages;
using PerceptionStudy.Synthesis.Tests.Gradients.Reference;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>
/// A real ImageNet network: the float32 gradient against differences of the float64 loss. A step of 0.1 crosses so many kinks of ReLU
/// and MaxPool at fire9 and pool10 that the slope is off by 13 percent, and float32 cannot resolve a step small enough; at 1e-6 in
/// float64 the two agree to six digits.
/// </summary>
public class SqueezeNet
{
    [Theory]
    [InlineData("conv1_2")]
    [InlineData("fire3/concat_1")]
    [InlineData("fire9/concat_1")]
    [InlineData("pool10_1")]
    public void Loss_changes_along_the_gradient_as_it_says(string stageName)
    {
        var graph = OnnxGraph.Load(TestFolder.NeedShared("reference", "imagenet", "squeezenet-imagenet-unit-rgb.onnx"));
        var stage = StageCatalog.Find(graph, stageName);
        var random = new Random(3);
        var reference = new Float64Network(graph);
        var target = reference.Run(stage.Tensor, random.Floats(graph.Input.Size, 0, 1));
        var check = new LossCheck(graph, stage.Tensor, random.Floats(graph.Input.Size, 0.3, 0.7), target);

        // Every pixel's derivative by a weight of its own: an error that is orthogonal to the gradient shows too.
        var direction = check.Gradient.Zip(random.Uniform(graph.Input.Size, 0, 2), (g, w) => g * w).ToArray();
        Assert.Equal(check.ReferenceLoss(check.X), check.Loss, 1e-6);
        Assert.InRange(check.Difference(direction, 1e-6) / Running.Dot(check.Gradient, direction), 1 - 1e-4, 1 + 1e-4);
    }
}
