using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class FastGelu
{
    [Decomposition("com.microsoft", "FastGelu", "Gelu(x + bias), tanh form")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        Gelu.WithTanh(b, node.InputOrNull(1) is { } bias ? b.Emit("Add", [node.Input[0], bias]) : node.Input[0]);
}
