using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class GlobalAveragePool
{
    [GradientRule("GlobalAveragePool", 7, "dy / number of places")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var shape = node.InputShape(0);
        var each = b.Emit("Mul", [dy[0]!, b.Scalar(dy[0]!, 1.0 / Shapes.Size(shape[2..]))]);
        return [b.Emit("Expand", [each, b.Integers("shape", shape)], shape)];
    }
}
