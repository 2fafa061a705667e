using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Mul
{
    [GradientRule("Mul", 7, "dy · b, and dy · a; of GELU in one")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (left, right) = (node.Inputs[0], node.Inputs[1]);
        if (ErrorUnit.Of(b, left, right) is { } unit)
            return [unit.Gradient(b, node.Output, dy[0]!), null];
        if (ErrorUnit.Of(b, right, left) is { } mirrored)
            return [null, mirrored.Gradient(b, node.Output, dy[0]!)];
        return
        [
            node.Needs(0) ? b.Emit("Mul", [dy[0]!, right]) : null,
            node.Needs(1) ? b.Emit("Mul", [dy[0]!, left]) : null,
        ];
    }
}
