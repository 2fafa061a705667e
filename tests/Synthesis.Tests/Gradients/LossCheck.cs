using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Tests.Gradients.Reference;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>
/// The gradient of Σ ‖A(x)−A0‖/‖A0‖ over a batch as the product computes it (ONNX Runtime, float32), and the same loss in float64 by
/// <see cref="Float64Network"/> to compare it with.
/// </summary>
internal sealed class LossCheck
{
    private readonly Float64Network _reference;
    private readonly string _stage;
    private readonly double[] _target;
    private readonly int _batch;

    public LossCheck(OnnxGraph graph, string stage, double[] x, double[] target)
    {
        (_reference, _stage, X, _target) = (new Float64Network(graph), stage, x, Array.ConvertAll(target, v => (double)(float)v));
        var shape = graph.Tensors[stage].Shape;
        _batch = (int)shape[0];
        using var session = GradientGraph.Build(graph, stage, new GradientOptions { IdentityReluAtStage = false }).Session();
        var results = session.Run((graph.Input.Name, graph.Input.Type, graph.Input.Shape, x), ("target", graph.Tensors[stage].Type, shape, _target));
        (Loss, Gradient) = (results[0].Sum(), results[1]);
    }

    /// <summary>Where the gradient is taken; float32 numbers.</summary>
    public double[] X { get; }

    public double Loss { get; }

    public double[] Gradient { get; }

    public double ReferenceLoss(double[] x) =>
        _reference.Run(_stage, x).Zip(_target).Chunk(_target.Length / _batch).Sum(image =>
            Math.Sqrt(image.Sum(p => (p.First - p.Second) * (p.First - p.Second)) / image.Sum(p => p.Second * p.Second)));

    /// <summary>The derivative of the float64 loss along a direction by a central difference, whose step has the length given.</summary>
    public double Difference(double[] direction, double step)
    {
        var t = step / Running.Norm(direction);
        double At(double by) => ReferenceLoss([.. X.Zip(direction, (v, d) => v + by * d)]);
        return (At(t) - At(-t)) / (2 * t);
    }
}
