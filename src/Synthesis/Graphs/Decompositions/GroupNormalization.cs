using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

/// <summary>Before operator set 21 scale and bias had one value for each group, since then one for each channel.</summary>
internal static class GroupNormalization
{
    [Decomposition("", "GroupNormalization", "LayerNormalization of each group of channels, scaled and shifted")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        var groups = node.Int("num_groups", 1);
        var normal = InstanceNormalization.Grouped(b, node.Input[0], groups, node.Float("epsilon", 1e-5f));
        if (b.Shape(node.Input[1])[0] == shape[1])
            return InstanceNormalization.PerChannel(b, normal, node.Input[1], node.Input[2]);
        var rows = b.Reshape(normal, shape[0], groups, Shapes.Size(shape[1..]) / groups);
        return b.Reshape(InstanceNormalization.PerChannel(b, rows, node.Input[1], node.Input[2]), shape);
    }
}
