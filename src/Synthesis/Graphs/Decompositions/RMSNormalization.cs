using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

internal static class RMSNormalization
{
    [Decomposition("", "RMSNormalization", "x / √(mean(x²) + ε) · scale")]
    [Decomposition("", "SimplifiedLayerNormalization", "x / √(mean(x²) + ε) · scale", Note = "ONNX Runtime's name for it")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b)
    {
        return Normal(b, node.Input[0], Shapes.Axis(node.Int("axis", -1), shape.Length), node.Float("epsilon", 1e-5f), node.Input[1]);
    }

    public static string Normal(GraphBuilder b, string x, int axis, double epsilon, string scale)
    {
        var shape = b.Shape(x);
        var axes = b.Integers("axes", [.. Enumerable.Range(axis, shape.Length - axis).Select(i => (long)i)]);
        long[] kept = [.. shape.Select((size, i) => i < axis ? size : 1)];
        var power = b.Emit("ReduceMean", [b.Emit("Mul", [x, x]), axes], kept);
        var level = b.Emit("Sqrt", [b.Emit("Add", [power, b.Scalar(x, epsilon)])]);
        return b.Emit("Mul", [b.Emit("Div", [x, level]), scale]);
    }
}
