using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Writes what ceil_mode does as padding. ONNX Runtime computes no window that would begin behind the last value, as PyTorch, but its
/// shape inference counts it, and then refuses the nodes of the gradient, which have the shape that was computed.
/// </summary>
internal static class ExplicitPads
{
    /// <param name="nodes">The nodes; pools among them are changed.</param>
    /// <param name="tensors">Shapes as computed.</param>
    public static void Run(IEnumerable<NodeProto> nodes, IReadOnlyDictionary<string, TensorInfo> tensors)
    {
        foreach (var node in nodes.Where(n => n.Domain.Length == 0 && n.OpType is "MaxPool" or "AveragePool"))
            // Padding that is counted differs from a window that reaches beyond the declared padding.
            if (node.Int("ceil_mode", 0) != 0 && node.Int("count_include_pad", 0) == 0 && node.Text("auto_pad", "NOTSET") == "NOTSET")
                Rewrite(node, tensors[node.Input[0]].Shape[2..], tensors[node.Output[0]].Shape[2..]);
    }

    private static void Rewrite(NodeProto node, long[] input, long[] output)
    {
        var kernel = node.Ints("kernel_shape")!;
        var strides = node.Ints("strides");
        var dilations = node.Ints("dilations");
        var pads = node.Ints("pads") ?? new long[2 * kernel.Length];
        for (var i = 0; i < kernel.Length; i++)
        {
            var span = (kernel[i] - 1) * (dilations?[i] ?? 1) + 1;
            var reach = (output[i] - 1) * (strides?[i] ?? 1) + span - pads[i] - input[i];
            pads[kernel.Length + i] = Math.Max(0, reach);
        }
        // ONNX Runtime wants less padding than the kernel, gaps not counted.
        if (pads.Where((p, i) => p >= kernel[i % kernel.Length]).Any())
            return;
        node.Set("pads", pads);
        node.Take("ceil_mode");
    }
}
