using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>
/// y = x·s^−β with s = bias + α·mean of x² over neighbouring channels. Gradient: dy·s^−β − 2αβ·x·mean' of (dy·y/s), where mean' runs over
/// the channels whose window holds this one. Means over channels are average pools of the picture laid on its side.
/// </summary>
internal static class LRN
{
    [GradientRule("LRN", 7, "dy / s^β − 2αβ · x · mean(dy · y / s) over the neighbouring channels, s = bias + α · mean(x²)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var size = node.Proto.Int("size", 1);
        double alpha = node.Proto.Float("alpha", 1e-4f), beta = node.Proto.Float("beta", 0.75f), bias = node.Proto.Float("bias", 1);
        var (x, g) = (node.Inputs[0], dy[0]!);
        var (before, after) = ((size - 1) / 2, size - 1 - (size - 1) / 2);

        var mean = ChannelMean(b, b.Emit("Mul", [x, x]), size, before, after);
        var s = b.Emit("Add", [b.Emit("Mul", [mean, b.Scalar(x, alpha)]), b.Scalar(x, bias)]);
        var direct = b.Emit("Mul", [g, b.Emit("Pow", [s, b.Scalar(x, -beta)])]);
        var through = ChannelMean(b, b.Emit("Div", [b.Emit("Mul", [g, node.Output]), s]), size, after, before);
        var indirect = b.Emit("Mul", [b.Emit("Mul", [x, through]), b.Scalar(x, 2 * alpha * beta)]);
        return [b.Emit("Sub", [direct, indirect])];
    }

    private static string ChannelMean(GraphBuilder b, string tensor, long size, long before, long after)
    {
        var shape = b.Shape(tensor);
        var side = b.Reshape(tensor, shape[0], 1, shape[1], Shapes.Size(shape[2..]));
        var pooled = b.Emit("AveragePool", [side], b.Shape(side),
            ("kernel_shape", new[] { size, 1 }), ("pads", new[] { before, 0, after, 0 }), ("count_include_pad", 1L));
        return b.Reshape(pooled, shape);
    }
}
