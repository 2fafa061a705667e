using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class BiasGelu
{
    [Decomposition("com.microsoft", "BiasGelu", "Gelu(x + bias)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        Gelu.WithErf(b, b.Emit("Add", [node.Input[0], node.Input[1]]));
}
