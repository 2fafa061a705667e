using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Reciprocal
{
    [GradientRule("Reciprocal", 7, "−dy · y²")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Neg", [b.Emit("Mul", [dy[0]!, b.Emit("Mul", [node.Output, node.Output])])])];
}
