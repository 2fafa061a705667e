using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class FusedGemm
{
    [Decomposition("com.microsoft", "FusedGemm", "the activation of Gemm")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        if (FusedActivation.Of(node) is not { } activation)
            return null;
        var gemm = b.Emit("Gemm", [.. node.Input.Where(i => i.Length > 0)], shape);
        b.Producer(gemm)!.Attribute.AddRange(node.Attribute.Where(a => !a.Name.StartsWith("activation", StringComparison.Ordinal)));
        return activation(b, gemm);
    }
}
