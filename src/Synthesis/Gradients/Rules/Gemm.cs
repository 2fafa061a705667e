using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>Y = alpha·A'·B' + beta·C.</summary>
internal static class Gemm
{
    [GradientRule("Gemm", 7, "α · dy · Bᵀ, α · Aᵀ · dy, β · dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (turnA, turnB) = (node.Proto.Int("transA", 0), node.Proto.Int("transB", 0));
        var (alpha, beta) = (node.Proto.Float("alpha", 1), node.Proto.Float("beta", 1));
        string Product(string left, string right, long turnLeft, long turnRight, long[] shape) =>
            b.Emit("Gemm", [left, right], shape, ("alpha", alpha), ("transA", turnLeft), ("transB", turnRight));

        var (g, left, right) = (dy[0]!, node.Inputs[0], node.Inputs[1]);
        var gradientA = !node.Needs(0) ? null
            : turnA == 0 ? Product(g, right, 0, 1 - turnB, node.InputShape(0)) : Product(right, g, turnB, 1, node.InputShape(0));
        var gradientB = !node.Needs(1) ? null
            : turnB == 0 ? Product(left, g, 1 - turnA, 0, node.InputShape(1)) : Product(g, left, 1, turnA, node.InputShape(1));
        var gradientC = !node.Needs(2) ? null : beta == 1 ? g : b.Emit("Mul", [g, b.Scalar(g, beta)]);
        return [gradientA, gradientB, gradientC];
    }
}
