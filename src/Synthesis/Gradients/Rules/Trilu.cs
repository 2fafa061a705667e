using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Trilu
{
    [GradientRule("Trilu", 14, "the same triangle of dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Trilu", [dy[0]!, .. node.Inputs.Skip(1)], node.InputShape(0), ("upper", node.Proto.Int("upper", 1)))];
}
