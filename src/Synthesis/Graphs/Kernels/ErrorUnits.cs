using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// GELU and its gradient, each in one pass: x · (α · erf(c · x) + β), and of x and the gradient at that, gradient · (α · erf(c · x) + β + x · α · c · 2/√π · exp(−(c · x)²)).
/// Sizes: the bits of α, β and c, the shape.
/// </summary>
internal static unsafe class ErrorUnits
{
    public const string Name = "ErrorUnit", GradientName = "ErrorUnitGradient";

    private static int Together => Vector512<float>.Count;

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("ErrorUnit"u8, 1, 1, 1, &Compute);

    /// <summary>The operator of its gradient.</summary>
    public static nint* MakeGradient() => OrtOperator.Make("ErrorUnitGradient"u8, 2, 2, 1, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* sizes, nint context)
    {
        TensorWork work = default;
        for (var i = 0; i < 3; i++)
            work.Numbers[i] = BitConverter.Int32BitsToSingle((int)sizes[i]);
        return work.OnValues(sizes + 3, context, &Part);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(void* work, nint part) => Part(*(TensorWork*)work, part);

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Part(in TensorWork work, long part)
    {
        var (at, end) = work.Values(part);
        for (; at + Together <= end; at += Together)
            Values(work, work.First + at, work.Second + at, work.To + at);
        if (at == end)
            return;
        // The last few, in memory of a whole vector's length.
        float* x = stackalloc float[Together], gradient = stackalloc float[Together], to = stackalloc float[Together];
        for (var i = 0; i < end - at; i++)
            (x[i], gradient[i]) = (work.First[at + i], work.Second is null ? 0 : work.Second[at + i]);
        Values(work, x, gradient, to);
        for (var i = 0; i < end - at; i++)
            work.To[at + i] = to[i];
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Values(in TensorWork work, float* from, float* gradient, float* to)
    {
        float alpha = work.Numbers[0], beta = work.Numbers[1], scale = work.Numbers[2];
        var x = Vector512.Load(from);
        var bell = ErrorFunction.Bell(x * scale);
        var factor = Vector512.MultiplyAddEstimate(ErrorFunction.Erf(x * scale, bell), Vector512.Create(alpha), Vector512.Create(beta));
        const float PerSquareRootOfPi = 1.1283791670955126f; // 2/√π
        (work.Second is null ? x * factor : Vector512.Load(gradient) * Vector512.MultiplyAddEstimate(x * (alpha * scale * PerSquareRootOfPi), bell, factor)).Store(to);
    }
}
