using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

/// <summary>Attention of the standard, and ONNX Runtime's operator of the same name, which holds the three projections too.</summary>
internal static class Attention
{
    [Decomposition("", "Attention", "softmax(scale · Q · Kᵀ + mask) · V", Note = "without past keys")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        if (Enumerable.Range(4, 3).Any(i => node.InputOrNull(i) is not null))
            return null;
        var joined = b.Shape(node.Input[0]).Length == 3;
        var (query, key, value) = (node.Input[0], node.Input[1], node.Input[2]);
        if (joined)
        {
            var (heads, others) = (node.Int("q_num_heads", 1), node.Int("kv_num_heads", 1));
            (query, key, value) = (ScaledDotProduct.SplitHeads(b, query, heads), ScaledDotProduct.SplitHeads(b, key, others), ScaledDotProduct.SplitHeads(b, value, others));
        }
        var copies = b.Shape(query)[1] / b.Shape(key)[1];
        var scale = node.Attribute("scale")?.F ?? 1 / Math.Sqrt(b.Shape(query)[3]);
        var mask = node.InputOrNull(3) is { } given ? Added(b, given, query) : null;
        var y = ScaledDotProduct.Emit(b, query, Repeated(b, key, copies), Repeated(b, value, copies), scale, mask, node.Int("is_causal", 0) != 0, node.Float("softcap", 0));
        return joined ? ScaledDotProduct.JoinHeads(b, y) : y;
    }

    [Decomposition("com.microsoft", "Attention", "the Attention of three projections", Note = "without masks and past keys")]
    public static string? WithProjections(NodeProto node, long[] shape, GraphBuilder b)
    {
        if (node.InputOrNull(3) is not null || node.InputOrNull(4) is not null || node.Int("do_rotary", 0) != 0)
            return null;
        var (x, weights, heads) = (b.Shape(node.Input[0]), b.Shape(node.Input[1]), node.Int("num_heads", 1));
        var projected = b.Emit("MatMul", [node.Input[0], node.Input[1]], [x[0], x[1], weights[1]]);
        if (node.InputOrNull(2) is { } bias)
            projected = b.Emit("Add", [projected, bias]);
        var sizes = node.Ints("qkv_hidden_sizes") ?? [weights[1] / 3, weights[1] / 3, weights[1] / 3];
        var type = b.Tensor(projected).Type;
        var parts = b.EmitMany("Split", [projected, b.Integers("split", sizes)], [.. sizes.Select(s => (type, new[] { x[0], x[1], s }))], ("axis", 2L));
        var apart = Array.ConvertAll(parts, p => ScaledDotProduct.SplitHeads(b, p, heads));
        var scale = node.Float("scale", 0) is not 0 and var s ? s : 1 / Math.Sqrt(sizes[0] / heads);
        return ScaledDotProduct.JoinHeads(b,
            ScaledDotProduct.Emit(b, apart[0], apart[1], apart[2], scale, node.InputOrNull(5), node.Int("unidirectional", 0) != 0));
    }

    // A mask of bools says which places may be read.
    private static string Added(GraphBuilder b, string mask, string like) =>
        b.Tensor(mask).Type == DataType.Bool ? b.Where(mask, b.Scalar(like, 0), b.Scalar(like, -1e30)) : mask;

    // Several heads of the query may share one of the key.
    private static string Repeated(GraphBuilder b, string tensor, long copies)
    {
        var s = b.Shape(tensor);
        if (copies == 1)
            return tensor;
        long[] wide = [s[0], s[1], copies, s[2], s[3]];
        var expanded = b.Emit("Expand", [b.Reshape(tensor, s[0], s[1], 1, s[2], s[3]), b.Integers("shape", wide)], wide);
        return b.Reshape(expanded, s[0], s[1] * copies, s[2], s[3]);
    }
}
