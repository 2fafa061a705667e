using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The window of a convolution or pooling, with everything that the attributes leave open filled in.</summary>
/// <param name="Kernel">Size of the window in each spatial dimension.</param>
/// <param name="Strides">Step from window to window.</param>
/// <param name="Dilations">Step from value to value within a window.</param>
/// <param name="Begin">Padding before the first value.</param>
/// <param name="End">Padding after the last value, as the attributes ask; a window of ceil_mode may reach beyond it.</param>
/// <param name="Input">Spatial dimensions of the input.</param>
/// <param name="Output">Spatial dimensions of the output.</param>
public sealed record SlidingWindow(long[] Kernel, long[] Strides, long[] Dilations, long[] Begin, long[] End, long[] Input, long[] Output)
{
    /// <summary>Number of spatial dimensions.</summary>
    public int Rank => Kernel.Length;

    /// <summary>Whether every value of the input belongs to exactly one window.</summary>
    public bool IsSideBySide => Kernel.SequenceEqual(Strides) && Dilations.All(d => d == 1) && Begin.All(p => p == 0)
        && Enumerable.Range(0, Rank).All(i => Output[i] * Strides[i] == Input[i]);

    /// <summary>How many values a window spans in a dimension, gaps of the dilation included.</summary>
    public long Span(int dimension) => (Kernel[dimension] - 1) * Dilations[dimension] + 1;

    /// <summary>Padding after the last value that makes the last window end exactly there; negative where values remain that no window reads.</summary>
    public long Reach(int dimension) => (Output[dimension] - 1) * Strides[dimension] + Span(dimension) - Begin[dimension] - Input[dimension];

    /// <summary>Reads the window of a node with the input [N, C, spatial...].</summary>
    /// <param name="node">A convolution or pooling.</param>
    /// <param name="kernel">Size of the window.</param>
    public static SlidingWindow Of(ForwardNode node, long[] kernel)
    {
        long[] input = node.InputShape(0)[2..], output = node.OutputShape[2..];
        var ones = Array.ConvertAll(kernel, _ => 1L);
        var strides = node.Proto.Ints("strides") ?? ones;
        var dilations = node.Proto.Ints("dilations") ?? ones;
        var pads = node.Proto.Ints("pads") ?? new long[2 * kernel.Length];
        var (begin, end) = (pads[..kernel.Length], pads[kernel.Length..]);
        var auto = node.Proto.Text("auto_pad", "NOTSET");
        for (var i = 0; i < kernel.Length && auto != "NOTSET"; i++)
        {
            var total = auto == "VALID" ? 0 : Math.Max(0, (output[i] - 1) * strides[i] + (kernel[i] - 1) * dilations[i] + 1 - input[i]);
            begin[i] = auto == "SAME_LOWER" ? total - total / 2 : total / 2;
            end[i] = total - begin[i];
        }
        return new SlidingWindow(kernel, strides, dilations, begin, end, input, output);
    }
}
