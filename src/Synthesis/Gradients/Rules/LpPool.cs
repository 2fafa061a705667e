using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>y = (Σ |x|^p)^(1/p) over each window.</summary>
internal static class LpPool
{
    [GradientRule("LpPool", 7, "dy · sign(x) · |x|^(p − 1) / y^(p − 1), added over the windows", Note = "0 where y is 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var p = node.Proto.Int("p", 2);
        var perWindow = Reduction.SafeQuotient(b, dy[0]!, Power(b, node.Output, p - 1));
        var spread = WindowSum.Back(b, SlidingWindow.Of(node, node.Proto.Ints("kernel_shape")!), perWindow);
        return [b.Emit("Mul", [spread, SignedPower(b, node.Inputs[0], p - 1)])];
    }

    /// <summary>sign(x) · |x|^p.</summary>
    public static string SignedPower(GraphBuilder b, string x, long p) =>
        p == 1 ? x : b.Emit("Mul", [b.Emit("Sign", [x]), Power(b, b.Emit("Abs", [x]), p)]);

    /// <summary>x^p.</summary>
    public static string Power(GraphBuilder b, string x, long p) => p == 1 ? x : b.Emit("Pow", [x, b.Scalar(x, p)]);
}
