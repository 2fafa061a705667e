using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>What exporters write for an assignment to a part of a tensor.</summary>
internal static class ScatterND
{
    [GradientRule("ScatterND", 11, "dy, 0 where it was written over; and dy at the places written", Note = "written once each, or added")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (g, places, updates) = (dy[0]!, node.Inputs[1], node.InputShape(2));
        var mode = node.Proto.Text("reduction", "none");
        if (mode is not ("none" or "add"))
            throw node.Unsupported($"has the reduction {mode}");
        return
        [
            mode == "add" ? g : b.Emit("ScatterND", [g, places, b.Zeros(g, updates)], node.InputShape(0)),
            null,
            node.Needs(2) ? b.Emit("GatherND", [g, places], updates) : null,
        ];
    }
}
