using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Of a rectifier's result y, a gradient g and perhaps another, h, all of one shape: g + h where y is positive, else 0. Sizes: the shape.</summary>
internal static unsafe class RectifierGradient
{
    public const string Name = nameof(RectifierGradient);

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("RectifierGradient"u8, 3, 2, 1, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* shape, nint context)
    {
        TensorWork work = default;
        return work.OnValues(shape, context, &Part);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(void* work, nint part) => Part(*(TensorWork*)work, part);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(in TensorWork work, long part)
    {
        var (at, end) = work.Values(part);
        float* result = work.First, gradient = work.Second, other = work.Third, to = work.To;
        for (; at + Vector512<float>.Count <= end; at += Vector512<float>.Count)
        {
            var sum = other is null ? Vector512.Load(gradient + at) : Vector512.Load(gradient + at) + Vector512.Load(other + at);
            Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(result + at), Vector512<float>.Zero), sum, Vector512<float>.Zero).Store(to + at);
        }
        for (; at < end; at++)
            to[at] = !(result[at] > 0) ? 0 : other is null ? gradient[at] : gradient[at] + other[at];
    }
}
