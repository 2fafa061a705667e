using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>y = γx where x is positive, else γα·(exp(x) − 1).</summary>
internal static class Selu
{
    [GradientRule("Selu", 7, "γ · dy where x > 0; else dy · (y + γα)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (g, x) = (dy[0]!, node.Inputs[0]);
        double alpha = node.Proto.Float("alpha", 1.67326319217681884765625f), gamma = node.Proto.Float("gamma", 1.05070102214813232421875f);
        var negative = b.Emit("Add", [node.Output, b.Scalar(x, gamma * alpha)]);
        return [b.Emit("Mul", [g, b.Where(b.Compare("Greater", x, b.Scalar(x, 0)), b.Scalar(x, gamma), negative)])];
    }
}
