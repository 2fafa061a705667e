using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class SkipSimplifiedLayerNormalization
{
    [Decomposition("com.microsoft", "SkipSimplifiedLayerNormalization", "RMSNormalization(x + skip + bias)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        SkipLayerNormalization.Sum(node, b, 3) is { } sum
            ? RMSNormalization.Normal(b, sum, b.Shape(node.Input[0]).Length - 1, node.Float("epsilon", 1e-12f), node.Input[2])
            : null;
}
