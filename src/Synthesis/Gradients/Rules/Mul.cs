using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Mul
{
    [GradientRule("Mul", 7, "dy · b, and dy · a")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
    [
        node.Needs(0) ? b.Emit("Mul", [dy[0]!, node.Inputs[1]]) : null,
        node.Needs(1) ? b.Emit("Mul", [dy[0]!, node.Inputs[0]]) : null,
    ];
}
