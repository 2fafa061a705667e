using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Resize in float64, axis by axis, by the formulas of the ONNX standard.</summary>
internal static class Resized64
{
    public static Tensor64 Resize(NodeProto node, Tensor64 x, double[]? scales, long[] shape)
    {
        for (var axis = 0; axis < x.Rank; axis++)
        {
            var scale = scales is { Length: > 0 } ? scales[axis] : (double)shape[axis] / x.Shape[axis];
            if (scale != 1 || shape[axis] != x.Shape[axis])
                x = Along(node, x, axis, scale, shape[axis]);
        }
        return x;
    }

    private static Tensor64 Along(NodeProto node, Tensor64 x, int axis, double scale, long size)
    {
        var y = new Tensor64(x.Shape.With(axis, size));
        var from = x.Shape[axis];
        var taps = Enumerable.Range(0, (int)size).Select(i => Taps(node, Original(node, i, from, size, scale), from, scale)).ToArray();
        var inner = Tensor64.Size(x.Shape[(axis + 1)..]);
        for (var i = 0L; i < y.Values.Length; i++)
        {
            var (outer, at, rest) = (i / inner / size, i / inner % size, i % inner);
            foreach (var (place, weight) in taps[at])
                y.Values[i] += weight * x.Values[(outer * from + place) * inner + rest];
        }
        return y;
    }

    private static double Original(NodeProto node, int at, long from, long size, double scale) =>
        node.Text("coordinate_transformation_mode", "half_pixel") switch
        {
            "asymmetric" => at / scale,
            "align_corners" => size == 1 ? 0 : at * (from - 1.0) / (size - 1),
            "pytorch_half_pixel" => size == 1 ? 0 : (at + 0.5) / scale - 0.5,
            "half_pixel_symmetric" => from / 2.0 * (1 - size / (scale * from)) + (at + 0.5) / scale - 0.5,
            _ => (at + 0.5) / scale - 0.5,
        };

    private static IEnumerable<(long Place, double Weight)> Taps(NodeProto node, double at, long from, double scale)
    {
        var mode = node.Text("mode", "nearest");
        if (mode == "nearest")
            return [(Math.Clamp(Nearest(node.Text("nearest_mode", "round_prefer_floor"), at), 0, from - 1), 1)];

        // Antialiasing widens the filter by the factor of the reduction.
        var shrink = node.Int("antialias", 0) == 1 ? Math.Min(1, scale) : 1;
        var reach = (mode == "linear" ? 1 : 2) / shrink;
        var places = Enumerable.Range((int)Math.Floor(at - reach), (int)Math.Ceiling(2 * reach) + 2).Select(p => (Place: (long)p, Weight: Filter(node, mode, (p - at) * shrink))).ToArray();
        if (node.Int("exclude_outside", 0) == 1 || node.Int("antialias", 0) == 1)
            places = [.. places.Where(p => node.Int("exclude_outside", 0) == 0 || (p.Place >= 0 && p.Place < from))];
        var sum = places.Sum(p => p.Weight);
        return places.Select(p => (Math.Clamp(p.Place, 0, from - 1), p.Weight / sum));
    }

    private static long Nearest(string mode, double at) => (long)(mode switch
    {
        "floor" => Math.Floor(at),
        "ceil" => Math.Ceiling(at),
        "round_prefer_ceil" => Math.Floor(at + 0.5),
        _ => Math.Ceiling(at - 0.5),
    });

    private static double Filter(NodeProto node, string mode, double distance)
    {
        var (d, a) = (Math.Abs(distance), (double)node.Float("cubic_coeff_a", -0.75f));
        return mode == "linear" ? Math.Max(0, 1 - d)
            : d <= 1 ? (a + 2) * d * d * d - (a + 3) * d * d + 1
            : d < 2 ? a * d * d * d - 5 * a * d * d + 8 * a * d - 4 * a : 0;
    }
}
