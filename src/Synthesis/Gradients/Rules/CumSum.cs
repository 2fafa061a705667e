using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class CumSum
{
    [GradientRule("CumSum", 7, "the sum of dy from the other end")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("CumSum", [dy[0]!, node.Inputs[1]], null, ("exclusive", node.Proto.Int("exclusive", 0)), ("reverse", 1 - node.Proto.Int("reverse", 0)))];
}
