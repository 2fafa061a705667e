using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Tan
{
    [GradientRule("Tan", 7, "dy · (1 + y²)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Mul", [dy[0]!, b.Emit("Add", [b.Emit("Mul", [node.Output, node.Output]), b.Scalar(node.Output, 1)])])];
}
