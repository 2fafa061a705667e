using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class LpNormalization
{
    [Decomposition("", "LpNormalization", "x / ‖x‖ along the axis", Note = "0 where all values are 0")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        var x = node.Input[0];
        var axis = Shapes.Axis(node.Int("axis", -1), shape.Length);
        var norm = b.Emit(node.Int("p", 2) == 1 ? "ReduceL1" : "ReduceL2", [x, b.Integers("axes", axis)], shape.With(axis, 1));
        var divisor = b.Where(b.Compare("Equal", norm, b.Scalar(x, 0)), b.Scalar(x, 1), norm);
        return b.Emit("Div", [x, divisor]);
    }
}
