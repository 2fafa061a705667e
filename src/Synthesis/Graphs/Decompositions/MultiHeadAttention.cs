using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class MultiHeadAttention
{
    [Decomposition("com.microsoft", "MultiHeadAttention", "softmax(scale · Q · Kᵀ + bias) · V", Note = "with separate query, key and value, without padding masks and past keys")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        if (node.InputOrNull(1) is not { } key || node.InputOrNull(2) is not { } value || node.InputOrNull(4) is not null || node.Input.Skip(6).Any(i => i.Length > 0))
            return null;
        var (query, heads) = (node.Input[0], node.Int("num_heads", 1));
        if (b.Shape(query).Length != 3 || b.Shape(key).Length != 3 || b.Shape(value).Length != 3)
            return null;
        if (node.InputOrNull(3) is { } bias)
        {
            long[] sizes = [b.Shape(query)[2], b.Shape(key)[2], b.Shape(value)[2]];
            var type = b.Tensor(bias).Type;
            var parts = b.EmitMany("Split", [bias, b.Integers("split", sizes)], [.. sizes.Select(s => (type, new[] { s }))], ("axis", 0L));
            (query, key, value) = (b.Emit("Add", [query, parts[0]]), b.Emit("Add", [key, parts[1]]), b.Emit("Add", [value, parts[2]]));
        }
        var scale = node.Float("scale", 0) is not 0 and var s ? s : 1 / Math.Sqrt(b.Shape(query)[2] / heads);
        var y = ScaledDotProduct.Emit(b, ScaledDotProduct.SplitHeads(b, query, heads), ScaledDotProduct.SplitHeads(b, key, heads),
            ScaledDotProduct.SplitHeads(b, value, heads), scale, node.InputOrNull(5), node.Int("unidirectional", 0) != 0);
        return ScaledDotProduct.JoinHeads(b, y);
    }
}
