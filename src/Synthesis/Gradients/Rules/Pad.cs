using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>Constant padding gets no gradient; reflected and repeated values give theirs back to where they were taken.</summary>
internal static class Pad
{
    [GradientRule("Pad", 7, "dy without the padding; reflected, repeated and wrapped values where they came from", Note = "all modes, with constant pads")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (shape, pads) = (node.InputShape(0), node.Integers(1)!);
        var axes = node.Integers(3) ?? [.. Enumerable.Range(0, shape.Length).Select(i => (long)i)];
        var mode = node.Proto.Text("mode", "constant");
        var gradient = dy[0]!;
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], shape.Length);
            var (size, before, after) = (shape[axis], pads[i], pads[i + axes.Length]);
            if (before == 0 && after == 0)
                continue;
            // What was cut off by negative pads, or is constant, takes no part: keep what came from the input, then put it back in its place.
            var places = Enumerable.Range(0, (int)(size + before + after)).Select(k => Source(k - before, size, mode)).ToArray();
            var (from, to) = (Array.FindIndex(places, p => p >= 0), Array.FindLastIndex(places, p => p >= 0) + 1);
            if (from < 0)
            {
                gradient = b.Zeros(gradient, b.Shape(gradient).With(axis, size));
                continue;
            }
            if (to - from < places.Length)
                gradient = b.Emit("Slice", [gradient, b.Integers("starts", from), b.Integers("ends", to), b.Integers("axes", axis)], b.Shape(gradient).With(axis, to - from));
            gradient = Selection.Back(b, gradient, axis, size, places[from..to]);
        }
        return [gradient];
    }

    private static long Source(long at, long size, string mode) => mode switch
    {
        "edge" => Math.Clamp(at, 0, size - 1),
        "reflect" => Mirrored(at, size),
        "wrap" => (at % size + size) % size,
        _ => at >= 0 && at < size ? at : -1,
    };

    private static long Mirrored(long at, long size)
    {
        var period = Math.Max(1, 2 * (size - 1));
        var within = (at % period + period) % period;
        return within < size ? within : period - within;
    }
}
