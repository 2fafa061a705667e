using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Of the result y of a Softmax over the last dimension and the gradient g there: y · (g − Σ g · y). Sizes: the shape.</summary>
internal static unsafe class SoftmaxGradient
{
    public const string Name = nameof(SoftmaxGradient);

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("SoftmaxGradient"u8, 2, 2, 1, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* shape, nint context)
    {
        TensorWork work = default;
        return work.OnRows(shape, context, &Part);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(void* work, nint part)
    {
        var rows = (TensorWork*)work;
        var (row, end) = rows->RowsOf(part);
        for (; row < end; row++)
            Row(rows->First + row * rows->Length, rows->Second + row * rows->Length, rows->To + row * rows->Length, rows->Length);
    }

    /// <summary>One row.</summary>
    /// <param name="y">The result.</param>
    /// <param name="g">The gradient there.</param>
    /// <param name="to">Where the gradient goes; it may be <paramref name="g"/>.</param>
    /// <param name="length">How many values.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Row(float* y, float* g, float* to, long length)
    {
        var sums = Vector512<float>.Zero;
        var at = 0L;
        for (; at + Vector512<float>.Count <= length; at += Vector512<float>.Count)
            sums += Vector512.Load(y + at) * Vector512.Load(g + at);
        var sum = Vector512.Sum(sums);
        for (; at < length; at++)
            sum += y[at] * g[at];
        var total = Vector512.Create(sum);
        for (at = 0; at + Vector512<float>.Count <= length; at += Vector512<float>.Count)
            (Vector512.Load(y + at) * (Vector512.Load(g + at) - total)).Store(to + at);
        for (; at < length; at++)
            to[at] = y[at] * (g[at] - sum);
    }
}
