using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy − exp(y)·Σ dy.</summary>
internal static class LogSoftmax
{
    [GradientRule("LogSoftmax", 7, "dy − exp(y) · Σ dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var shape = node.OutputShape;
        var axis = Shapes.Axis(node.Proto.Int("axis", -1), shape.Length);
        var total = b.Emit("ReduceSum", [dy[0]!, b.Integers("axes", axis)], shape.With(axis, 1));
        return [b.Emit("Sub", [dy[0]!, b.Emit("Mul", [b.Emit("Exp", [node.Output]), total])])];
    }
}
