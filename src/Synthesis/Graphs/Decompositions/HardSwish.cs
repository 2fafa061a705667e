using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class HardSwish
{
    [Decomposition("", "HardSwish", "x · HardSigmoid(x / 6 + 1/2)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        b.Emit("Mul", [node.Input[0], b.Emit("HardSigmoid", [node.Input[0]], null, ("alpha", 1 / 6f), ("beta", 0.5f))]);
}
