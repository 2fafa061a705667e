using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceL1
{
    [GradientRule("ReduceL1", 7, "dy · sign(x)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [Reduction.Times(node, dy[0]!, b.Emit("Sign", [node.Inputs[0]]), b)];
}
