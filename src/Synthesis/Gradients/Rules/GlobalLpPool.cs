using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class GlobalLpPool
{
    [GradientRule("GlobalLpPool", 7, "dy · sign(x) · |x|^(p − 1) / y^(p − 1)", Note = "0 where y is 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var p = node.Proto.Int("p", 2);
        var perChannel = Reduction.SafeQuotient(b, dy[0]!, LpPool.Power(b, node.Output, p - 1));
        return [b.Emit("Mul", [LpPool.SignedPower(b, node.Inputs[0], p - 1), perChannel])];
    }
}
