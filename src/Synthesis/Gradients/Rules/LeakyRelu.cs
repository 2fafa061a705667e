using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class LeakyRelu
{
    [GradientRule("LeakyRelu", 7, "dy where x > 0; else α · dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (g, x) = (dy[0]!, node.Inputs[0]);
        var positive = b.Compare("Greater", x, b.Scalar(x, 0));
        return [b.Where(positive, g, b.Emit("Mul", [g, b.Scalar(g, node.Proto.Float("alpha", 0.01f))]))];
    }
}
