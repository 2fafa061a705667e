using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceSum
{
    [GradientRule("ReduceSum", 7, "dy, spread")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [Reduction.Spread(node, dy[0]!, b).Gradient];
}
