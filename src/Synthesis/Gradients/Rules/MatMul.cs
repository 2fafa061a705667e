using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>Batched as numpy's matmul; a vector is a matrix with one row (left) or one column (right).</summary>
internal static class MatMul
{
    [GradientRule("MatMul", 7, "dy · Bᵀ, and Aᵀ · dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        long[] leftShape = node.InputShape(0), rightShape = node.InputShape(1);
        var left = leftShape.Length == 1 ? b.Reshape(node.Inputs[0], 1, leftShape[0]) : node.Inputs[0];
        var right = rightShape.Length == 1 ? b.Reshape(node.Inputs[1], rightShape[0], 1) : node.Inputs[1];
        var batch = Shapes.Broadcast([b.Shape(left)[..^2], b.Shape(right)[..^2]]);
        var g = b.Reshape(dy[0]!, [.. batch, b.Shape(left)[^2], b.Shape(right)[^1]]);

        string? toLeft = null, toRight = null;
        if (node.Needs(0))
            toLeft = b.Emit("MatMul", [g, Transposed(b, right)], [.. batch, .. b.Shape(left)[^2..]]);
        if (node.Needs(1))
            toRight = b.Emit("MatMul", [Transposed(b, left), g], [.. batch, .. b.Shape(right)[^2..]]);
        if (toLeft is not null && leftShape.Length == 1)
            toLeft = b.Reshape(toLeft, [.. batch, leftShape[0]]);
        if (toRight is not null && rightShape.Length == 1)
            toRight = b.Reshape(toRight, [.. batch, rightShape[0]]);
        return [toLeft, toRight];
    }

    private static string Transposed(GraphBuilder b, string matrix)
    {
        var shape = b.Shape(matrix);
        long[] order = [.. Enumerable.Range(0, shape.Length - 2).Select(i => (long)i), shape.Length - 1, shape.Length - 2];
        return b.Emit("Transpose", [matrix], [.. shape[..^2], shape[^1], shape[^2]], ("perm", order));
    }
}
