using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Shrink
{
    [GradientRule("Shrink", 9, "dy where |x| > λ; else 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var x = node.Inputs[0];
        return [b.Where(b.Compare("Greater", b.Emit("Abs", [x]), b.Scalar(x, node.Proto.Float("lambd", 0.5f))), dy[0]!, b.Scalar(x, 0))];
    }
}
