using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class SkipLayerNormalization
{
    [Decomposition("com.microsoft", "SkipLayerNormalization", "LayerNormalization(x + skip + bias)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        Sum(node, b, 4) is { } sum
            ? b.Emit("LayerNormalization", [sum, node.Input[2], .. node.InputOrNull(3) is { } beta ? new[] { beta } : []], b.Shape(node.Input[0]),
                ("axis", -1L), ("epsilon", node.Float("epsilon", 1e-12f)))
            : null;

    /// <summary>x + skip, and the bias if there is one; null where the skip is repeated in another way than by broadcasting, as ONNX Runtime does.</summary>
    public static string? Sum(NodeProto node, GraphBuilder b, int bias)
    {
        var (x, skip) = (b.Shape(node.Input[0]), b.Shape(node.Input[1]));
        if (skip.Length > x.Length || skip.Reverse().Zip(x.Reverse()).Any(p => p.First != 1 && p.First != p.Second))
            return null;
        var sum = b.Emit("Add", [node.Input[0], node.Input[1]]);
        return node.InputOrNull(bias) is { } added ? b.Emit("Add", [sum, added]) : sum;
    }
}
