using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy·(1 − y²).</summary>
internal static class Tanh
{
    [GradientRule("Tanh", 7, "dy · (1 − y²)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Emit("Mul", [dy[0]!, b.Emit("Sub", [b.Scalar(node.Output, 1), b.Emit("Mul", [node.Output, node.Output])])])];
}
