using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Max
{
    [GradientRule("Max", 7, "dy to the largest operand", Note = "equal operands share it equally")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => EqualShares.OfOperands(node, dy[0]!, b);
}
