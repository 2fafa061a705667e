using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// Of the input x [N, C, H, W] of a MaxPool without dilations, its result and the gradient there [N, C, H', W']: the gradient at the first largest value of each window.
/// Sizes: N, C, H, W, H', W', height and width of the window, the strides, the padding above and at the left.
/// </summary>
internal static unsafe class MaxPoolGradient
{
    public const string Name = nameof(MaxPoolGradient);

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("MaxPoolGradient"u8, 3, 3, 1, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* sizes, nint context)
    {
        var work = new Work { Sizes = sizes };
        nint status;
        if ((status = OrtOperator.Input(context, 0, &work.Values)) != 0 || (status = OrtOperator.Input(context, 1, &work.Largest)) != 0
            || (status = OrtOperator.Input(context, 2, &work.Gradient)) != 0 || (status = OrtOperator.Output(context, 0, sizes, 4, &work.To)) != 0)
            return status;
        return OrtOperatorApi.ParallelFor(context, &Map, (nint)(sizes[0] * sizes[1]), 0, &work);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Map(void* work, nint map) => Map(*(Work*)work, map);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Map(in Work work, long map)
    {
        var s = work.Sizes;
        var (height, width, rows, columns) = (s[2], s[3], s[4], s[5]);
        float* values = work.Values + map * height * width, to = work.To + map * height * width;
        new Span<float>(to, checked((int)(height * width))).Clear();
        var pairs = WideVectors.Fast && s[6] == 2 && s[7] == 2 && s[8] == 2 && s[9] == 2 && s[10] == 0 && s[11] == 0 && 2 * rows <= height && 2 * columns <= width;
        var threes = s[6] == 3 && s[7] == 3;
        for (var y = 0L; y < rows; y++)
        {
            float* largest = work.Largest + (map * rows + y) * columns, gradient = work.Gradient + (map * rows + y) * columns;
            var x = pairs ? Pairs(values + 2 * y * width, to + 2 * y * width, width, largest, gradient, columns) : 0;
            for (; x < columns; x++)
            {
                long top = y * s[8] - s[10], left = x * s[9] - s[11];
                var at = threes && top >= 0 && left >= 0 && top + 3 <= height && left + 4 <= width ? First(values, width, top * width + left, largest[x])
                    : First(values, width, Math.Max(0, top), Math.Min(height, top + s[6]), Math.Max(0, left), Math.Min(width, left + s[7]), largest[x]);
                if (at >= 0)
                    to[at] += gradient[x];
            }
        }
    }

    private static long First(float* values, long width, long top, long bottom, long left, long right, float value)
    {
        for (var y = top; y < bottom; y++)
            for (var x = left; x < right; x++)
                if (values[y * width + x] == value)
                    return y * width + x;
        return -1;
    }

    // Of a window of 3 × 3 that lies inside; reads one value behind each row.
    private static long First(float* values, long width, long corner, float value)
    {
        uint Equal(long at) => Vector128.ExtractMostSignificantBits(Vector128.Equals(Vector128.Load(values + at), Vector128.Create(value))) & 7;
        var place = BitOperations.TrailingZeroCount(Equal(corner) | Equal(corner + width) << 3 | Equal(corner + 2 * width) << 6 | 1 << 9);
        return place == 9 ? -1 : corner + place / 3 * width + place % 3;
    }

    // Windows of 2 × 2 side by side, eight at a time; returns how many were done.
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static long Pairs(float* values, float* to, long width, float* largest, float* gradient, long columns)
    {
        var twice = Vector512.Create(0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7);
        var swapped = Vector512.Create(1, 0, 3, 2, 5, 4, 7, 6, 9, 8, 11, 10, 13, 12, 15, 14);
        var second = Vector512.Create(0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1, 0, -1).AsSingle();
        var x = 0L;
        for (; x + 8 <= columns; x += 8)
        {
            var largests = Vector512.Shuffle(Vector512.Create(Vector256.Load(largest + x), default), twice);
            var gradients = Vector512.Shuffle(Vector512.Create(Vector256.Load(gradient + x), default), twice);
            Vector512<float> above = Vector512.Equals(Vector512.Load(values + 2 * x), largests), below = Vector512.Equals(Vector512.Load(values + width + 2 * x), largests);
            Vector512<float> otherAbove = Vector512.Shuffle(above, swapped), otherBelow = Vector512.Shuffle(below, swapped);
            // Not the second of a pair where the first is one, nor below where there is one above.
            (gradients & Vector512.AndNot(above, otherAbove & second)).Store(to + 2 * x);
            (gradients & Vector512.AndNot(Vector512.AndNot(below, otherBelow & second), above | otherAbove)).Store(to + width + 2 * x);
        }
        return x;
    }

    private struct Work
    {
        public long* Sizes;
        public float* Values, Largest, Gradient, To;
    }
}
