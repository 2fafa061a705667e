namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

/// <summary>softmax(scale · Q · Kᵀ + mask) · V (Vaswani et al. 2017), which all attention operators share.</summary>
internal static class ScaledDotProduct
{
    /// <param name="b">The graph.</param>
    /// <param name="query">[N, heads, length, size]</param>
    /// <param name="key">[N, heads, other length, size]</param>
    /// <param name="value">[N, heads, other length, value size]</param>
    /// <param name="scale">Factor of the products.</param>
    /// <param name="mask">Added to the scores, broadcast to [N, heads, length, other length]; or null.</param>
    /// <param name="causal">Whether a place reads only itself and those before it.</param>
    /// <param name="softcap">Scores are brought within ± this by tanh; 0: they are not.</param>
    /// <returns>[N, heads, length, value size]</returns>
    public static string Emit(GraphBuilder b, string query, string key, string value, double scale, string? mask = null, bool causal = false, double softcap = 0)
    {
        long[] q = b.Shape(query), k = b.Shape(key), v = b.Shape(value);
        var turned = b.Emit("Transpose", [key], [k[0], k[1], k[3], k[2]], ("perm", new long[] { 0, 1, 3, 2 }));
        var scaled = b.Emit("Mul", [query, b.Scalar(query, scale)]);
        var scores = b.Emit("MatMul", [scaled, turned], [q[0], q[1], q[2], k[2]]);
        if (softcap != 0)
            scores = b.Emit("Mul", [b.Emit("Tanh", [b.Emit("Mul", [scores, b.Scalar(scores, 1 / softcap)])]), b.Scalar(scores, softcap)]);
        if (mask is not null)
            scores = b.Emit("Add", [scores, mask]);
        if (causal)
            scores = b.Emit("Add", [scores, b.Values("causal", scores, [q[2], k[2]], [.. Causal(q[2], k[2])])]);
        return b.Emit("MatMul", [b.Emit("Softmax", [scores], null, ("axis", -1L)), value], [q[0], q[1], q[2], v[3]]);
    }

    /// <summary>[N, length, heads · size] as [N, heads, length, size].</summary>
    public static string SplitHeads(GraphBuilder b, string tensor, long heads)
    {
        var s = b.Shape(tensor);
        var apart = b.Reshape(tensor, s[0], s[1], heads, s[2] / heads);
        return b.Emit("Transpose", [apart], [s[0], heads, s[1], s[2] / heads], ("perm", new long[] { 0, 2, 1, 3 }));
    }

    /// <summary>[N, heads, length, size] as [N, length, heads · size].</summary>
    public static string JoinHeads(GraphBuilder b, string tensor)
    {
        var s = b.Shape(tensor);
        var turned = b.Emit("Transpose", [tensor], [s[0], s[2], s[1], s[3]], ("perm", new long[] { 0, 2, 1, 3 }));
        return b.Reshape(turned, s[0], s[2], s[1] * s[3]);
    }

    private static IEnumerable<double> Causal(long length, long other)
    {
        for (var i = 0L; i < length; i++)
            for (var j = 0L; j < other; j++)
                yield return j <= i ? 0 : -1e30;
    }
}
