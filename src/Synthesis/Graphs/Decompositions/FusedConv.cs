using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class FusedConv
{
    [Decomposition("com.microsoft", "FusedConv", "the activation of Conv(x) + z")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        var activation = FusedActivation.Of(node);
        if (activation is null)
            return null;
        var conv = b.Emit("Conv", [.. node.Input.Take(node.InputOrNull(2) is null ? 2 : 3)], shape);
        b.Producer(conv)!.Attribute.AddRange(node.Attribute.Where(a => !a.Name.StartsWith("activation", StringComparison.Ordinal)));
        return activation(b, node.InputOrNull(3) is { } added ? b.Emit("Add", [conv, added]) : conv);
    }
}
