using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class Mish
{
    [Decomposition("", "Mish", "x · tanh(softplus x)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        b.Emit("Mul", [node.Input[0], b.Emit("Tanh", [b.Emit("Softplus", [node.Input[0]])])]);
}
