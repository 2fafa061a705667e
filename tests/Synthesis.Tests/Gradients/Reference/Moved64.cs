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

    private static long? Source(long position, long length, string mode) => (position >= 0 && position < length, mode) switch
    {
        (true, _) => position,
        (_, "edge") => Math.Clamp(position, 0, length - 1),
        (_, "reflect") => position < 0 ? -position : 2 * (length - 1) - position,
        (_, "wrap") => (position % length + length) % length,
        _ => null,
    };
}
