using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ScatterElements
{
    [GradientRule("ScatterElements", 7, "dy, 0 where it was written over; and dy at the places written", Note = "written once each, or added")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (g, places, updates) = (dy[0]!, node.Inputs[1], node.InputShape(2));
        var (mode, axis) = (node.Proto.Text("reduction", "none"), node.Proto.Int("axis", 0));
        if (mode is not ("none" or "add"))
            throw node.Unsupported($"has the reduction {mode}");
        return
        [
            mode == "add" ? g : b.Emit("ScatterElements", [g, places, b.Zeros(g, updates)], node.InputShape(0), ("axis", axis)),
            null,
            node.Needs(2) ? b.Emit("GatherElements", [g, places], updates, ("axis", axis)) : null,
        ];
    }
}
