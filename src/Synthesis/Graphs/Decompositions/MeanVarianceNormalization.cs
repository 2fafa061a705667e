using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class MeanVarianceNormalization
{
    [Decomposition("", "MeanVarianceNormalization", "(x − mean) / (√variance + 10⁻⁹) over the axes")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        var x = node.Input[0];
        int[] reduced = [.. (node.Ints("axes") ?? [0, 2, 3]).Select(a => Shapes.Axis(a, shape.Length))];
        var axes = b.Integers("axes", [.. reduced.Select(a => (long)a)]);
        long[] kept = [.. shape.Select((size, i) => reduced.Contains(i) ? 1 : size)];
        var centred = b.Emit("Sub", [x, b.Emit("ReduceMean", [x, axes], kept)]);
        var variance = b.Emit("ReduceMean", [b.Emit("Mul", [centred, centred]), axes], kept);
        return b.Emit("Div", [centred, b.Emit("Add", [b.Emit("Sqrt", [variance]), b.Scalar(x, 1e-9)])]);
    }
}
