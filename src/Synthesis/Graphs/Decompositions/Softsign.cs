using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class Softsign
{
    [Decomposition("", "Softsign", "x / (1 + |x|)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        b.Emit("Div", [node.Input[0], b.Emit("Add", [b.Emit("Abs", [node.Input[0]]), b.Scalar(node.Input[0], 1)])]);
}
