using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Where a sliding window lies: the arithmetic of Conv and the pools, for any number of spatial axes.</summary>
internal sealed class Window64
{
    private readonly long[] _input;

    /// <param name="node">Conv or a pool.</param>
    /// <param name="kernel">Extent of the window.</param>
    /// <param name="input">Spatial dimensions read.</param>
    /// <param name="output">Spatial dimensions written.</param>
    public Window64(NodeProto node, long[] kernel, long[] input, long[] output)
    {
        (Kernel, _input, Output) = (kernel, input, output);
        long[] ones = [.. kernel.Select(_ => 1L)];
        Strides = node.Ints("strides") ?? ones;
        Dilations = node.Ints("dilations") ?? ones;
        Begin = node.Ints("pads")?[..kernel.Length] ?? new long[kernel.Length];
        End = node.Ints("pads")?[kernel.Length..] ?? new long[kernel.Length];
        var same = node.Text("auto_pad", "NOTSET");
        if (same is "SAME_UPPER" or "SAME_LOWER")
            for (var axis = 0; axis < kernel.Length; axis++)
            {
                var total = Math.Max(0, (output[axis] - 1) * Strides[axis] + (kernel[axis] - 1) * Dilations[axis] + 1 - input[axis]);
                (Begin[axis], End[axis]) = same == "SAME_UPPER" ? (total / 2, total - total / 2) : (total - total / 2, total / 2);
            }
    }

    /// <summary>The window of a ConvTranspose, which writes where a convolution would read: its input counts the windows, its output holds them.</summary>
    public static Window64 Transposed(NodeProto node, long[] kernel, long[] input, long[] output)
    {
        var window = new Window64(node, kernel, output, input);
        var auto = node.Text("auto_pad", "NOTSET");
        for (var axis = 0; axis < kernel.Length && (auto.StartsWith("SAME", StringComparison.Ordinal) || node.Ints("output_shape") is not null); axis++)
        {
            var total = window.Strides[axis] * (input[axis] - 1) + (node.Ints("output_padding")?[axis] ?? 0) + (kernel[axis] - 1) * window.Dilations[axis] + 1 - output[axis];
            window.Begin[axis] = auto == "SAME_UPPER" ? total / 2 : total - total / 2;
        }
        return window;
    }

    public long[] Kernel { get; }
    public long[] Output { get; }
    public long[] Strides { get; }
    public long[] Dilations { get; }
    public long[] Begin { get; }
    public long[] End { get; }

    /// <summary>Flat position in the input of one tap of one window, or null in the padding.</summary>
    public long? At(long[] output, long[] tap)
    {
        var flat = 0L;
        for (var axis = 0; axis < Kernel.Length; axis++)
        {
            var position = output[axis] * Strides[axis] + tap[axis] * Dilations[axis] - Begin[axis];
            if (position < 0 || position >= _input[axis])
                return null;
            flat = flat * _input[axis] + position;
        }
        return flat;
    }

    /// <summary>Whether a tap lies inside the input with its declared padding (ceil_mode windows may reach beyond).</summary>
    public bool InsidePadding(long[] output, long[] tap) => Enumerable.Range(0, Kernel.Length).All(axis =>
        output[axis] * Strides[axis] + tap[axis] * Dilations[axis] < Begin[axis] + _input[axis] + End[axis]);
}
