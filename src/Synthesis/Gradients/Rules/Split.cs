using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Split
{
    [GradientRule("Split", 7, "the parts' gradients, joined")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var axis = Shapes.Axis(node.Proto.Int("axis", 0), node.InputShape(0).Length);
        // A part that nothing reads gets zeros.
        var parts = node.Proto.Output.Select((o, i) => dy[i] ?? b.Emit("Mul", [o, b.Scalar(o, 0)]));
        return [b.Emit("Concat", [.. parts], node.InputShape(0), ("axis", axis))];
    }
}
