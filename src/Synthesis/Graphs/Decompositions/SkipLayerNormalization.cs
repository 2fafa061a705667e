using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class SkipLayerNormalization
{
    [Decomposition("com.microsoft", "SkipLayerNormalization", "LayerNormalization(x + skip + bias)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        string[] inputs = [Sum(node, b, 4), node.Input[2], .. node.InputOrNull(3) is { } beta ? new[] { beta } : []];
        return b.Emit("LayerNormalization", inputs, b.Shape(node.Input[0]), ("axis", -1L), ("epsilon", node.Float("epsilon", 1e-12f)));
    }

    /// <summary>x + skip, and the bias if there is one.</summary>
    public static string Sum(NodeProto node, GraphBuilder b, int bias)
    {
        var sum = b.Emit("Add", [node.Input[0], node.Input[1]]);
        return node.InputOrNull(bias) is { } added ? b.Emit("Add", [sum, added]) : sum;
    }
}
