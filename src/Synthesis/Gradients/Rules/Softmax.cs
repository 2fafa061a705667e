using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>y·(dy − Σ dy·y).</summary>
internal static class Softmax
{
    [GradientRule("Softmax", 7, "y · (dy − Σ dy · y)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var shape = node.OutputShape;
        var axis = Shapes.Axis(node.Proto.Int("axis", -1), shape.Length);
        var total = b.Emit("ReduceSum", [b.Emit("Mul", [dy[0]!, node.Output]), b.Integers("axes", axis)], shape.With(axis, 1));
        var result = b.Emit("Mul", [node.Output, b.Emit("Sub", [dy[0]!, total])]);
        return [axis == shape.Length - 1 ? b.Fused(result, SoftmaxGradient.Name, [node.Output, dy[0]!], shape) : result];
    }
}
