using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>
/// The gradient goes to the first largest value of each window, as in MaxPool's own Indices (and in PyTorch), so that ties are not
/// counted twice. Asking MaxPool for Indices makes it 70 times slower, so the output is compared with the input.
/// </summary>
internal static class MaxPool
{
    [GradientRule("MaxPool", 7, "dy at the largest value of each window; else 0", Note = "of equal values the first")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (dy[0] is null)
            return [null];
        var gradient = Relu.IsMaskedByPool(node, node.Inputs[0]) ? Relu.Masked(b, node.Output, dy[0]!) : dy[0]!;
        var window = SlidingWindow.Of(node, node.Proto.Ints("kernel_shape")!);
        // ONNX Runtime resizes float32 only.
        var result = window.IsSideBySide && b.Tensor(gradient).Type == DataType.Float ? SideBySide(node, gradient, window, b) : Overlapping(node, gradient, window, b);
        return [window.Rank != 2 || window.Dilations.Any(d => d != 1) ? result
            : b.Fused(result, MaxPoolGradient.Name, [node.Inputs[0], node.Output, gradient],
                [.. node.InputShape(0), .. window.Output, .. window.Kernel, .. window.Strides, .. window.Begin])];
    }

    // Each value belongs to one window, so that output and gradient can be laid over the input. The largest values get numbers that fall
    // from place to place of the window: the highest number is at the first.
    private static string SideBySide(ForwardNode node, string gradient, SlidingWindow window, GraphBuilder b)
    {
        var (input, shape) = (node.Inputs[0], node.InputShape(0));
        var largest = b.Compare("Equal", input, Enlarged(b, node.Output, window, shape));
        var number = b.Keep(largest, b.Values("places", input, [1, 1, .. window.Input], Numbers(window)));
        var first = b.Emit("MaxPool", [number], node.OutputShape, ("kernel_shape", window.Kernel), ("strides", window.Strides));
        return b.Keep(b.Compare("Equal", number, Enlarged(b, first, window, shape)), Enlarged(b, gradient, window, shape));
    }

    private static string Enlarged(GraphBuilder b, string tensor, SlidingWindow window, long[] shape) =>
        b.Emit("Resize", [tensor, "", b.Constant("scales", [window.Rank + 2], [1f, 1f, .. window.Strides.Select(s => (float)s)])], shape,
            ("mode", "nearest"), ("coordinate_transformation_mode", "asymmetric"), ("nearest_mode", "floor"));

    private static double[] Numbers(SlidingWindow window)
    {
        double[] numbers = [Shapes.Size(window.Kernel)];
        for (var i = 0; i < window.Rank; i++)
        {
            var (kernel, later) = (window.Kernel[i], Shapes.Size(window.Kernel[(i + 1)..]));
            numbers = [.. numbers.SelectMany(n => Enumerable.Range(0, (int)window.Input[i]).Select(at => n - at % kernel * later))];
        }
        return numbers;
    }

    // The values at one place of all windows are one strided view of the input.
    private static string Overlapping(ForwardNode node, string gradient, SlidingWindow window, GraphBuilder b)
    {
        var views = new WindowViews(b, window);
        var left = gradient;
        var parts = new List<string>();
        foreach (var values in views.Read(node.Inputs[0]))
        {
            // What one place of the window took is not left for the next.
            if (parts.Count > 0)
                left = b.Emit("Sub", [left, parts[^1]]);
            parts.Add(b.Keep(b.Compare("Equal", values, node.Output), left));
        }
        return views.Add(parts, node.InputShape(0));
    }
}
