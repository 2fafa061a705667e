using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Conv, pools and local response normalisation in float64, as the ONNX standard words them.</summary>
internal static class Windowed64
{
    public static Tensor64 Conv(NodeProto node, Tensor64 x, Tensor64 w, Tensor64? bias, long[] shape)
    {
        var y = new Tensor64(shape);
        var group = node.Int("group", 1);
        var (batch, channels, maps) = (shape[0], x.Shape[1], w.Shape[0]);
        var (perGroup, mapsPerGroup) = (w.Shape[1], maps / group);
        var window = new Window64(node, w.Shape[2..], x.Shape[2..], shape[2..]);
        var (plane, outPlane, taps) = (Tensor64.Size(x.Shape[2..]), Tensor64.Size(shape[2..]), Tensor64.Size(window.Kernel));

        // For each tap the pairs of positions are the same in every channel: found once, used for all.
        var pairs = Tensor64.Indices(window.Kernel).Select(tap => Tensor64.Indices(window.Output)
            .Select((at, i) => (To: i, From: window.At(at, tap))).Where(p => p.From is not null).Select(p => (p.To, From: (int)p.From!.Value)).ToArray()).ToArray();
        for (var n = 0L; n < batch; n++)
            for (var m = 0L; m < maps; m++)
            {
                var target = y.Values.AsSpan((int)((n * maps + m) * outPlane), (int)outPlane);
                target.Fill(bias?.Values[m] ?? 0);
                for (var c = 0L; c < perGroup; c++)
                {
                    var source = x.Values.AsSpan((int)((n * channels + m / mapsPerGroup * perGroup + c) * plane), (int)plane);
                    for (var k = 0; k < taps; k++)
                    {
                        var weight = w.Values[(m * perGroup + c) * taps + k];
                        foreach (var (to, from) in pairs[k])
                            target[to] += weight * source[from];
                    }
                }
            }
        return y;
    }

    /// <summary>Every value of the input adds the weights, times itself, to one window of the output, whose padding is cut off.</summary>
    public static Tensor64 ConvTranspose(NodeProto node, Tensor64 x, Tensor64 w, Tensor64? bias, long[] shape)
    {
        var y = new Tensor64(shape);
        var (mapsPerGroup, perGroup) = (w.Shape[1], x.Shape[1] / node.Int("group", 1));
        var window = Window64.Transposed(node, w.Shape[2..], x.Shape[2..], shape[2..]);
        var (plane, outPlane, taps) = (Tensor64.Size(x.Shape[2..]), Tensor64.Size(shape[2..]), Tensor64.Size(window.Kernel));
        if (bias is not null)
            for (var i = 0L; i < y.Values.Length; i++)
                y.Values[i] = bias.Values[i / outPlane % shape[1]];
        for (var n = 0L; n < shape[0]; n++)
            for (var c = 0L; c < x.Shape[1]; c++)
                for (var m = 0L; m < mapsPerGroup; m++)
                {
                    var (source, target) = ((n * x.Shape[1] + c) * plane, (n * shape[1] + c / perGroup * mapsPerGroup + m) * outPlane);
                    var tap = 0L;
                    foreach (var k in Tensor64.Indices(window.Kernel))
                    {
                        var weight = w.Values[(c * mapsPerGroup + m) * taps + tap++];
                        var i = 0L;
                        foreach (var at in Tensor64.Indices(window.Output))
                            if (window.At(at, k) is { } to)
                                y.Values[target + to] += weight * x.Values[source + i++];
                            else
                                i++;
                    }
                }
        return y;
    }

    public static Tensor64 LpPool(NodeProto node, Tensor64 x, long[] shape)
    {
        var p = node.Int("p", 2);
        return Pool(node, x, shape, (values, _) => Math.Pow(values.Sum(v => Math.Pow(Math.Abs(v), p)), 1.0 / p));
    }

    public static Tensor64 MaxPool(NodeProto node, Tensor64 x, long[] shape) =>
        Pool(node, x, shape, (values, _) => values.Max());

    public static Tensor64 AveragePool(NodeProto node, Tensor64 x, long[] shape) =>
        Pool(node, x, shape, (values, padded) => values.Sum() / (node.Int("count_include_pad", 0) == 1 ? padded : values.Count));

    /// <summary>y = x / (bias + alpha / size * (sum of squares over the neighbouring channels)) ^ beta.</summary>
    public static Tensor64 Lrn(NodeProto node, Tensor64 x)
    {
        var size = node.Int("size", 1);
        var (alpha, beta, bias) = (node.Float("alpha", 1e-4f), node.Float("beta", 0.75f), node.Float("bias", 1));
        var (channels, plane) = (x.Shape[1], Tensor64.Size(x.Shape[2..]));
        var y = new Tensor64(x.Shape);
        for (var i = 0L; i < x.Values.Length; i++)
        {
            var (c, rest) = (i / plane % channels, i - i / plane % channels * plane);
            var sum = 0.0;
            for (var k = Math.Max(0, c - (size - 1) / 2); k <= Math.Min(channels - 1, c + size / 2); k++)
                sum += x.Values[rest + k * plane] * x.Values[rest + k * plane];
            y.Values[i] = x.Values[i] / Math.Pow(bias + alpha / size * sum, beta);
        }
        return y;
    }

    private static Tensor64 Pool(NodeProto node, Tensor64 x, long[] shape, Func<List<double>, int, double> result)
    {
        var y = new Tensor64(shape);
        var window = new Window64(node, node.Ints("kernel_shape")!, x.Shape[2..], shape[2..]);
        var taps = Tensor64.Indices(window.Kernel).Select(t => (long[])t.Clone()).ToArray();
        var (plane, outPlane) = (Tensor64.Size(x.Shape[2..]), Tensor64.Size(shape[2..]));
        var values = new List<double>();
        var at = 0L;
        foreach (var index in Tensor64.Indices(window.Output))
        {
            var places = taps.Select(t => window.At(index, t)).Where(p => p is not null).ToArray();
            var padded = taps.Count(t => window.InsidePadding(index, t));
            for (var map = 0L; map < shape[0] * shape[1]; map++)
            {
                values.Clear();
                values.AddRange(places.Select(p => x.Values[map * plane + p!.Value]));
                y.Values[map * outPlane + at] = result(values, padded);
            }
            at++;
        }
        return y;
    }
}
