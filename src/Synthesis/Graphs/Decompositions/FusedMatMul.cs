using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class FusedMatMul
{
    [Decomposition("com.microsoft", "FusedMatMul", "α · MatMul, either operand transposed", Note = "batch dimensions in their place")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        if (node.Int("transBatchA", 0) != 0 || node.Int("transBatchB", 0) != 0)
            return null;
        var product = b.Emit("MatMul", [Turned(b, node.Input[0], node.Int("transA", 0)), Turned(b, node.Input[1], node.Int("transB", 0))], shape);
        var alpha = node.Float("alpha", 1);
        return alpha == 1 ? product : b.Emit("Mul", [product, b.Scalar(product, alpha)]);
    }

    private static string Turned(GraphBuilder b, string matrix, long turn)
    {
        var shape = b.Shape(matrix);
        if (turn == 0 || shape.Length < 2)
            return matrix;
        long[] order = [.. Enumerable.Range(0, shape.Length - 2).Select(i => (long)i), shape.Length - 1, shape.Length - 2];
        return b.Emit("Transpose", [matrix], [.. shape[..^2], shape[^1], shape[^2]], ("perm", order));
    }
}
