using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class Swish
{
    [Decomposition("", "Swish", "x · sigmoid(αx)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        QuickGelu.Gated(b, node.Input[0], node.Float("alpha", 1));
}
