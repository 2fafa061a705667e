using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Operators that only move values.</summary>
internal static class Moved64
{
    public static Tensor64 Concat(Tensor64[] parts, int axis, long[] shape)
    {
        // Each part is spread over the whole length, zero elsewhere; their sum is the result.
        var start = 0L;
        var y = new Tensor64(shape);
        foreach (var part in parts)
        {
            var (first, length) = (start, part.Shape[axis]);
            var spread = part.Take(axis, [.. Enumerable.Range(0, (int)shape[axis]).Select(i => i >= first && i < first + length ? i - first : (long?)null)]);
            y = Tensor64.Zip(y, spread, shape, (a, b) => a + b);
            start += length;
        }
        return y;
    }

    public static Tensor64 Gather(Tensor64 x, Tensor64 indices, int axis, long[] shape) =>
        x.Take(axis, [.. indices.Values.Select(i => (long?)(i < 0 ? i + x.Shape[axis] : i))]) with { Shape = shape };

    /// <summary>The result's shape is known, so the ends are not needed.</summary>
    public static Tensor64 Slice(Tensor64 x, long[] starts, long[]? axes, long[]? steps, long[] shape)
    {
        for (var k = 0; k < starts.Length; k++)
        {
            var axis = (int)(axes is null ? k : axes[k] < 0 ? axes[k] + x.Rank : axes[k]);
            var step = steps?[k] ?? 1;
            var length = x.Shape[axis];
            var start = Math.Clamp(starts[k] < 0 ? starts[k] + length : starts[k], 0, step < 0 ? length - 1 : length);
            x = x.Take(axis, [.. Enumerable.Range(0, (int)shape[axis]).Select(i => (long?)(start + i * step))]);
        }
        return x;
    }

    public static Tensor64 Pad(Tensor64 x, long[] pads, string mode, double value, long[]? axes)
    {
        int[] padded = axes is null ? [.. Enumerable.Range(0, x.Rank)] : [.. axes.Select(a => (int)(a < 0 ? a + x.Rank : a))];
        for (var k = 0; k < padded.Length; k++)
        {
            var (axis, begin, length) = (padded[k], pads[k], x.Shape[padded[k]]);
            var positions = Enumerable.Range(0, (int)(begin + length + pads[k + padded.Length])).Select(i => Source(i - begin, length, mode)).ToArray();
            // The padding value is added where nothing is read: x - value is zero there after the shift back.
            x = x.Map(v => v - value).Take(axis, positions).Map(v => v + value);
        }
        return x;
    }

    public static Tensor64 Tile(Tensor64 x, long[] shape)
    {
        var strides = Tensor64.Strides(x.Shape);
        return x.Pick(shape, index => index.Select((at, axis) => at % x.Shape[axis] * strides[axis]).Sum());
    }

    public static Tensor64 Trilu(NodeProto node, Tensor64 x, long k)
    {
        var (rows, columns) = (x.Shape[^2], x.Shape[^1]);
        bool Kept(long row, long column) => node.Int("upper", 1) == 1 ? column - row >= k : column - row <= k;
        return x with { Values = [.. x.Values.Select((v, i) => Kept(i / columns % rows, i % columns) ? v : 0)] };
    }

    public static Tensor64 CumSum(NodeProto node, Tensor64 x, long axis)
    {
        var y = new Tensor64(x.Shape);
        var (at, step) = (Shapes.Axis(axis, x.Rank), Tensor64.Strides(x.Shape)[Shapes.Axis(axis, x.Rank)]);
        for (var i = 0L; i < y.Values.Length; i++)
        {
            var here = i / step % x.Shape[at];
            for (var k = 0L; k < x.Shape[at]; k++)
                if (node.Int("reverse", 0) == 1 ? k > here || (k == here && node.Int("exclusive", 0) == 0) : k < here || (k == here && node.Int("exclusive", 0) == 0))
                    y.Values[i] += x.Values[i + (k - here) * step];
        }
        return y;
    }

    public static Tensor64 DepthToSpace(NodeProto node, Tensor64 x, long[] shape)
    {
        var (block, strides) = (node.Int("blocksize", 1), Tensor64.Strides(x.Shape));
        return x.Pick(shape, at =>
        {
            var (place, channel) = (at[2] % block * block + at[3] % block, at[1]);
            var depth = node.Text("mode", "DCR") == "DCR" ? place * shape[1] + channel : channel * block * block + place;
            return at[0] * strides[0] + depth * strides[1] + at[2] / block * strides[2] + at[3] / block;
        });
    }

    public static Tensor64 SpaceToDepth(NodeProto node, Tensor64 x, long[] shape)
    {
        var (block, channels, strides) = (node.Int("blocksize", 1), x.Shape[1], Tensor64.Strides(x.Shape));
        return x.Pick(shape, at =>
        {
            var (place, channel) = (at[1] / channels, at[1] % channels);
            return at[0] * strides[0] + channel * strides[1] + (at[2] * block + place / block) * strides[2] + at[3] * block + place % block;
        });
    }

    public static Tensor64 GatherElements(Tensor64 x, Tensor64 places, int axis) =>
        new(places.Shape, [.. Positions(places, x.Shape, axis).Select(p => x.Values[p])]);

    public static Tensor64 ScatterElements(NodeProto node, Tensor64 x, Tensor64 places, Tensor64 updates)
    {
        var y = (double[])x.Values.Clone();
        foreach (var (position, update) in Positions(places, x.Shape, Shapes.Axis(node.Int("axis", 0), x.Rank)).Zip(updates.Values))
            y[position] = node.Text("reduction", "none") == "add" ? y[position] + update : update;
        return x with { Values = y };
    }

    public static Tensor64 GatherNd(Tensor64 x, Tensor64 places, long[] shape) =>
        new(shape, [.. Starts(places, x.Shape).SelectMany(p => x.Values.Skip((int)p.Start).Take((int)p.Length))]);

    public static Tensor64 ScatterNd(NodeProto node, Tensor64 x, Tensor64 places, Tensor64 updates)
    {
        var y = (double[])x.Values.Clone();
        var next = 0;
        foreach (var (start, length) in Starts(places, x.Shape))
            for (var i = 0L; i < length; i++)
                y[start + i] = (node.Text("reduction", "none") == "add" ? y[start + i] : 0) + updates.Values[next++];
        return x with { Values = y };
    }

    public static (Tensor64 Values, Tensor64 Places) TopK(NodeProto node, Tensor64 x, long[] shape)
    {
        var axis = Shapes.Axis(node.Int("axis", -1), x.Rank);
        var step = Tensor64.Strides(x.Shape)[axis];
        var (values, places) = (new Tensor64(shape), new Tensor64(shape));
        var i = 0;
        foreach (var index in Tensor64.Indices(shape))
        {
            var start = index.Select((at, a) => a == axis ? 0 : at * Tensor64.Strides(x.Shape)[a]).Sum();
            var along = Enumerable.Range(0, (int)x.Shape[axis]).Select(k => (Value: x.Values[start + k * step], Place: k));
            var sorted = node.Int("largest", 1) == 1 ? along.OrderByDescending(p => p.Value) : along.OrderBy(p => p.Value);
            (values.Values[i], places.Values[i]) = sorted.ElementAt((int)index[axis]);
            i++;
        }
        return (values, places);
    }

    // Where each element of an index tensor points to, in a tensor of that shape.
    private static IEnumerable<long> Positions(Tensor64 places, long[] shape, int axis)
    {
        var strides = Tensor64.Strides(shape);
        var i = 0;
        foreach (var index in Tensor64.Indices(places.Shape))
        {
            var place = (long)places.Values[i++];
            yield return index.Select((at, a) => (a == axis ? place < 0 ? place + shape[axis] : place : at) * strides[a]).Sum();
        }
    }

    // The last axis of an index tensor counts out where a run of values begins.
    private static IEnumerable<(long Start, long Length)> Starts(Tensor64 places, long[] shape)
    {
        var strides = Tensor64.Strides(shape);
        var depth = (int)places.Shape[^1];
        return places.Values.Chunk(depth).Select(index =>
            ((long)index.Select((at, a) => (at < 0 ? at + shape[a] : at) * strides[a]).Sum(), Tensor64.Size(shape.Skip(depth))));
    }

    private static long? Source(long position, long length, string mode) => (position >= 0 && position < length, mode) switch
    {
        (true, _) => position,
        (_, "edge") => Math.Clamp(position, 0, length - 1),
        (_, "reflect") => position < 0 ? -position : 2 * (length - 1) - position,
        (_, "wrap") => (position % length + length) % length,
        _ => null,
    };
}
