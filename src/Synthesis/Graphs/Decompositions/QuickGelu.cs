using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class QuickGelu
{
    [Decomposition("com.microsoft", "QuickGelu", "x · sigmoid(αx)")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) => Gated(b, node.Input[0], node.Float("alpha", 1.702f));

    /// <summary>x·sigmoid(αx).</summary>
    public static string Gated(GraphBuilder b, string x, double alpha) =>
        b.Emit("Mul", [x, b.Emit("Sigmoid", [alpha == 1 ? x : b.Emit("Mul", [x, b.Scalar(x, alpha)])])]);
}
