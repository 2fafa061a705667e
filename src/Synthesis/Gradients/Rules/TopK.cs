using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class TopK
{
    [GradientRule("TopK", 7, "dy where each value was taken; else 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        dy[0] is null ? [null]
            : [b.Emit("ScatterElements", [b.Zeros(dy[0]!, node.InputShape(0)), node.Proto.Output[1], dy[0]!], node.InputShape(0), ("axis", node.Proto.Int("axis", -1)))];
}
