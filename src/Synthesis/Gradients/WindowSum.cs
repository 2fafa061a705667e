using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The gradient of a sum over each window of a pool: every value gets those of all windows that it lies in.</summary>
internal static class WindowSum
{
    /// <summary>A transposed convolution with ones.</summary>
    /// <param name="b">The graph.</param>
    /// <param name="window">The pool's window.</param>
    /// <param name="gradient">Gradient of the sums, [N, C, windows...].</param>
    /// <returns>[N, C, the input's spatial dimensions...]</returns>
    public static string Back(GraphBuilder b, SlidingWindow window, string gradient)
    {
        var shape = b.Shape(gradient);
        var images = shape[0] * shape[1];
        var dimensions = Enumerable.Range(0, window.Rank).ToArray();
        var ones = b.Values("ones", gradient, [1, 1, .. window.Kernel], [.. Enumerable.Repeat(1.0, (int)Shapes.Size(window.Kernel))]);
        var spread = b.Emit("ConvTranspose", [b.Reshape(gradient, [images, 1, .. shape[2..]]), ones], [images, 1, .. window.Input],
            ("kernel_shape", window.Kernel), ("strides", window.Strides), ("dilations", window.Dilations),
            ("pads", window.Begin.Concat(dimensions.Select(i => Math.Max(0, window.Reach(i)))).ToArray()),
            ("output_padding", dimensions.Select(i => Math.Max(0, -window.Reach(i))).ToArray()));
        return b.Reshape(spread, [.. shape[..2], .. window.Input]);
    }
}
