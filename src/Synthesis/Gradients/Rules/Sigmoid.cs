using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy·y·(1 − y).</summary>
internal static class Sigmoid
{
    [GradientRule("Sigmoid", 7, "dy · y · (1 − y)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Emit("Mul", [dy[0]!, b.Emit("Mul", [node.Output, b.Emit("Sub", [b.Scalar(node.Output, 1), node.Output])])])];
}
