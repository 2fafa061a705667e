using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>
/// Where every stride is 1, the gradient is a convolution with the weights transposed and flipped, which ONNX Runtime runs as fast
/// as the forward one; else a transposed convolution.
/// </summary>
internal static class Conv
{
    [GradientRule("Conv", 7, "the transposed convolution of dy", Note = "the weights must not depend on the input")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Needs(1) || node.Needs(2))
            throw node.Unsupported("has weights that depend on the input");
        var weights = b.ConstantOrNull(node.Inputs[1]);
        var (shape, weightShape) = (node.InputShape(0), node.InputShape(1));
        var window = SlidingWindow.Of(node, weightShape[2..]);
        var group = node.Proto.Int("group", 1);
        var dimensions = Enumerable.Range(0, window.Rank).ToArray();

        var begin = dimensions.Select(i => window.Span(i) - 1 - window.Begin[i]);
        var end = dimensions.Select(i => window.Span(i) - 1 - window.End[i]);
        if (weights is not null && window.Strides.All(s => s == 1) && begin.Concat(end).All(p => p >= 0))
        {
            var flipped = FlippedWeights.Of(b, weights, group);
            return [b.Emit("Conv", [dy[0]!, flipped], shape,
                ("kernel_shape", window.Kernel), ("pads", begin.Concat(end).ToArray()), ("dilations", window.Dilations), ("group", group))];
        }

        // Values at the end that no window reads get no gradient, but must be there.
        var padding = dimensions.Select(i => Math.Max(0, -window.Reach(i))).ToArray();
        return [b.Emit("ConvTranspose", [dy[0]!, node.Inputs[1]], shape,
            ("kernel_shape", window.Kernel), ("strides", window.Strides), ("dilations", window.Dilations), ("group", group),
            ("pads", window.Begin.Concat(dimensions.Select(i => Math.Max(0, window.Reach(i)))).ToArray()),
            ("output_padding", padding))];
    }
}
