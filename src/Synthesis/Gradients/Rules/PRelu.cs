using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class PRelu
{
    [GradientRule("PRelu", 7, "dy where x > 0, else slope · dy; and x · dy where x ≤ 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (g, x) = (dy[0]!, node.Inputs[0]);
        var positive = b.Compare("Greater", x, b.Scalar(x, 0));
        return
        [
            b.Where(positive, g, b.Emit("Mul", [g, node.Inputs[1]])),
            node.Needs(1) ? b.Where(positive, b.Scalar(x, 0), b.Emit("Mul", [g, x])) : null,
        ];
    }
}
