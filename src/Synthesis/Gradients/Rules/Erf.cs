using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Erf
{
    [GradientRule("Erf", 7, "dy · 2/√π · exp(−x²)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var x = node.Inputs[0];
        var density = b.Emit("Exp", [b.Emit("Neg", [b.Emit("Mul", [x, x])])]);
        return [b.Emit("Mul", [b.Emit("Mul", [dy[0]!, b.Scalar(x, 2 / Math.Sqrt(Math.PI))]), density])];
    }
}
