using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>y = αx + β between 0 and 1.</summary>
internal static class HardSigmoid
{
    [GradientRule("HardSigmoid", 7, "α · dy where 0 < y < 1; else 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (y, zero) = (node.Output, b.Scalar(node.Output, 0));
        var scaled = b.Emit("Mul", [dy[0]!, b.Scalar(y, node.Proto.Float("alpha", 0.2f))]);
        return [b.Where(b.Compare("Less", y, b.Scalar(y, 1)), b.Where(b.Compare("Greater", y, zero), scaled, zero), zero)];
    }
}
