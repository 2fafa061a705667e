using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ThresholdedRelu
{
    [GradientRule("ThresholdedRelu", 10, "dy where x > α; else 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var x = node.Inputs[0];
        return [b.Where(b.Compare("Greater", x, b.Scalar(x, node.Proto.Float("alpha", 1))), dy[0]!, b.Scalar(x, 0))];
    }
}
