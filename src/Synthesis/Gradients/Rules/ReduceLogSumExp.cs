using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceLogSumExp
{
    [GradientRule("ReduceLogSumExp", 7, "dy · exp(x − y)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [Reduction.Times(node, dy[0]!, b.Emit("Exp", [b.Emit("Sub", [node.Inputs[0], b.Reshape(node.Output, Reduction.KeptShape(node))])]), b)];
}
