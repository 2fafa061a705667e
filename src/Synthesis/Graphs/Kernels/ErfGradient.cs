using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Of x and the gradient at Erf's result: the gradient · 2/√π · exp(−x²). Sizes: the shape.</summary>
internal static unsafe class ErfGradient
{
    public const string Name = nameof(ErfGradient);

    private const float Factor = 1.1283791670955126f; // 2/√π

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("ErfGradient"u8, 2, 2, 1, &Compute);

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
        for (; at + Vector512<float>.Count <= end; at += Vector512<float>.Count)
            (Vector512.Load(work.Second + at) * Vector512.Create(Factor) * ErrorFunction.Bell(Vector512.Load(work.First + at))).Store(work.To + at);
        for (; at < end; at++)
            work.To[at] = work.Second[at] * Factor * MathF.Exp(-work.First[at] * work.First[at]);
    }
}
