using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy where x is positive, else dy·(y + α).</summary>
internal static class Elu
{
    [GradientRule("Elu", 7, "dy where x > 0; else dy · (y + α)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (g, x) = (dy[0]!, node.Inputs[0]);
        var positive = b.Compare("Greater", x, b.Scalar(x, 0));
        var negative = b.Emit("Mul", [g, b.Emit("Add", [node.Output, b.Scalar(g, node.Proto.Float("alpha", 1))])]);
        return [b.Where(positive, g, negative)];
    }
}
