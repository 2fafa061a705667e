using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>y = x where x is positive, else α·(exp(x/α) − 1).</summary>
internal static class Celu
{
    [GradientRule("Celu", 12, "dy where x > 0; else dy · (y + α) / α")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (x, alpha) = (node.Inputs[0], node.Proto.Float("alpha", 1));
        var one = b.Scalar(x, 1);
        var negative = b.Emit("Add", [b.Emit("Mul", [node.Output, b.Scalar(x, 1 / alpha)]), one]);
        return [b.Emit("Mul", [dy[0]!, b.Where(b.Compare("Greater", x, b.Scalar(x, 0)), one, negative)])];
    }
}
