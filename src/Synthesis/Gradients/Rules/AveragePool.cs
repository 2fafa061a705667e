using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>Each window gives its gradient, divided by the number of values it averaged, to all of them.</summary>
internal static class AveragePool
{
    [GradientRule("AveragePool", 7, "dy / values averaged, spread over each window")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var window = SlidingWindow.Of(node, node.Proto.Ints("kernel_shape")!);
        var counts = Counts(window, node.Proto.Int("count_include_pad", 0) != 0);
        return [WindowSum.Back(b, window, b.Emit("Div", [dy[0]!, b.Values("window_sizes", dy[0]!, [1, 1, .. window.Output], counts)]))];
    }

    // How many values each window averaged; what a window of ceil_mode reads beyond the padding never counts.
    private static double[] Counts(SlidingWindow window, bool includePadding)
    {
        double[] counts = [1];
        for (var i = 0; i < window.Rank; i++)
        {
            var (first, last) = includePadding ? (-window.Begin[i], window.Input[i] + window.End[i]) : (0, window.Input[i]);
            var along = new double[window.Output[i]];
            for (var o = 0; o < along.Length; o++)
                for (var k = 0; k < window.Kernel[i]; k++)
                {
                    var at = o * window.Strides[i] - window.Begin[i] + k * window.Dilations[i];
                    along[o] += at >= first && at < last ? 1 : 0;
                }
            counts = [.. counts.SelectMany(c => along.Select(a => c * a))];
        }
        return counts;
    }
}
