using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class GatherND
{
    [GradientRule("GatherND", 11, "dy, added where it was taken", Note = "without batch dimensions")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Proto.Int("batch_dims", 0) != 0)
            throw node.Unsupported("has batch dimensions");
        return [b.Emit("ScatterND", [b.Zeros(dy[0]!, node.InputShape(0)), node.Inputs[1], dy[0]!], node.InputShape(0), ("reduction", "add"))];
    }
}
