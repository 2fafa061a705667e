using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceMax
{
    [GradientRule("ReduceMax", 7, "dy at the largest value; else 0", Note = "equal values share it equally")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [EqualShares.OfValues(node, dy[0]!, b)];
}
