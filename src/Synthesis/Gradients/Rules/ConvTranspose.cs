using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ConvTranspose
{
    [GradientRule("ConvTranspose", 7, "the convolution of dy", Note = "the weights must not depend on the input")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Needs(1) || node.Needs(2))
            throw node.Unsupported("has weights that depend on the input");
        var (shape, kernel) = (node.InputShape(0), node.InputShape(1)[2..]);
        long[] ones = Array.ConvertAll(kernel, _ => 1L), input = shape[2..], output = node.OutputShape[2..];
        var strides = node.Proto.Ints("strides") ?? ones;
        var dilations = node.Proto.Ints("dilations") ?? ones;
        var begin = Begin(node, kernel, strides, dilations, input, output);
        // Each value of the input was spread over one window of the output: padding at the end makes exactly those windows.
        var end = kernel.Select((k, i) => (input[i] - 1) * strides[i] + (k - 1) * dilations[i] + 1 - begin[i] - output[i]).ToArray();
        if (begin.Concat(end).Any(p => p < 0))
        {
            // What no window reaches is cut off.
            var starts = begin.Select(p => Math.Max(0, -p)).ToArray();
            var ends = output.Select((size, i) => size - Math.Max(0, -end[i])).ToArray();
            dy = [b.Emit("Slice", [dy[0]!, b.Integers("starts", starts), b.Integers("ends", ends), b.Integers("axes", [.. kernel.Select((_, i) => i + 2L)])],
                [.. node.OutputShape[..2], .. ends.Zip(starts, (e, s) => e - s)])];
        }
        return [b.Emit("Conv", [dy[0]!, node.Inputs[1]], shape, ("kernel_shape", kernel), ("strides", strides), ("dilations", dilations),
            ("group", node.Proto.Int("group", 1)), ("pads", begin.Concat(end).Select(p => Math.Max(0, p)).ToArray()))];
    }

    // How much of the spread input was cut off at the beginning.
    private static long[] Begin(ForwardNode node, long[] kernel, long[] strides, long[] dilations, long[] input, long[] output)
    {
        var auto = node.Proto.Text("auto_pad", "NOTSET");
        if (auto == "VALID" || (auto == "NOTSET" && node.Proto.Ints("output_shape") is null))
            return auto == "VALID" ? new long[kernel.Length] : node.Proto.Ints("pads")?[..kernel.Length] ?? new long[kernel.Length];
        var extra = node.Proto.Ints("output_padding");
        return [.. kernel.Select((k, i) =>
        {
            var total = Math.Max(0, (input[i] - 1) * strides[i] + (extra?[i] ?? 0) + (k - 1) * dilations[i] + 1 - output[i]);
            return auto == "SAME_UPPER" ? total / 2 : total - total / 2;
        })];
    }
}
