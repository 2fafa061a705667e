using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class GatherElements
{
    [GradientRule("GatherElements", 11, "dy, added where it was taken")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("ScatterElements", [b.Zeros(dy[0]!, node.InputShape(0)), node.Inputs[1], dy[0]!], node.InputShape(0),
            ("axis", node.Proto.Int("axis", 0)), ("reduction", "add"))];
}
