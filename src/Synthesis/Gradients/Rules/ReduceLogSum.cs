using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceLogSum
{
    [GradientRule("ReduceLogSum", 7, "dy / exp y, spread")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [Reduction.Spread(node, b.Emit("Div", [dy[0]!, b.Emit("Exp", [node.Output])]), b).Gradient];
}
