using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class InstanceNormalization
{
    [Decomposition("", "InstanceNormalization", "LayerNormalization of each channel, scaled and shifted")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        var normal = Grouped(b, node.Input[0], shape[1], node.Float("epsilon", 1e-5f));
        return PerChannel(b, normal, node.Input[1], node.Input[2]);
    }

    /// <summary>Each group of channels brought to mean 0 and variance 1.</summary>
    public static string Grouped(GraphBuilder b, string x, long groups, float epsilon)
    {
        var shape = b.Shape(x);
        var rows = b.Reshape(x, shape[0], groups, Shapes.Size(shape[1..]) / groups);
        var size = b.Shape(rows)[2];
        var ones = b.Values("ones", x, [size], [.. Enumerable.Repeat(1.0, (int)size)]);
        return b.Reshape(b.Emit("LayerNormalization", [rows, ones], b.Shape(rows), ("axis", -1L), ("epsilon", epsilon)), shape);
    }

    /// <summary>x · scale + bias, both of one value for each channel.</summary>
    public static string PerChannel(GraphBuilder b, string x, string scale, string bias)
    {
        var shape = b.Shape(x);
        long[] column = [shape[1], .. shape[2..].Select(_ => 1L)];
        return b.Emit("Add", [b.Emit("Mul", [x, b.Reshape(scale, column)]), b.Reshape(bias, column)]);
    }
}
