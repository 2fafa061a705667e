using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>The gradient goes to the first largest value of each channel.</summary>
internal static class GlobalMaxPool
{
    [GradientRule("GlobalMaxPool", 7, "dy at the largest value; else 0", Note = "of equal values the first")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var shape = node.InputShape(0);
        long[] rows = [shape[0], shape[1], Shapes.Size(shape[2..])], one = [shape[0], shape[1], 1];
        var values = b.Reshape(node.Inputs[0], rows);
        var place = b.Emit("ArgMax", Graphs.Format.TensorProto.Types.DataType.Int64, [values], one, ("axis", 2L), ("keepdims", 1L));
        var zeros = b.Zeros(values, rows);
        return [b.Reshape(b.Emit("ScatterElements", [zeros, place, b.Reshape(dy[0]!, one)], rows, ("axis", 2L)), shape)];
    }
}
