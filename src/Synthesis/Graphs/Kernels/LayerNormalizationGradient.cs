using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>
/// Of the input x of a LayerNormalization over the last dimension, its scale and the gradient at its result: (g − mean(g) − n · mean(g · n)) / s with g = gradient · scale,
/// n = (x − mean)/s, s = √(variance + ε). Sizes: the bits of ε, the shape.
/// </summary>
internal static unsafe class LayerNormalizationGradient
{
    public const string Name = nameof(LayerNormalizationGradient);

    /// <summary>The operator.</summary>
    public static nint* Make() => OrtOperator.Make("LayerNormalizationGradient"u8, 3, 3, 1, &Compute);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static nint Compute(long* sizes, nint context)
    {
        TensorWork work = default;
        work.Numbers[0] = BitConverter.Int32BitsToSingle((int)sizes[0]);
        return work.OnRows(sizes + 1, context, &Part);
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Part(void* work, nint part)
    {
        var (row, end) = ((TensorWork*)work)->RowsOf(part);
        for (; row < end; row++)
            Row(*(TensorWork*)work, row);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Row(in TensorWork work, long row)
    {
        var length = work.Length;
        float* x = work.First + row * length, scale = work.Second, gradient = work.Third + row * length, to = work.To + row * length;
        var whole = length - length % Vector512<float>.Count;
        var at = 0L;

        var sums = Vector512<float>.Zero;
        for (; at < whole; at += Vector512<float>.Count)
            sums += Vector512.Load(x + at);
        var sum = Vector512.Sum(sums);
        for (; at < length; at++)
            sum += x[at];
        var mean = sum / length;

        // Sums of (x − mean)², of g and of g · (x − mean).
        Vector512<float> squares = default, gs = default, along = default;
        for (at = 0; at < whole; at += Vector512<float>.Count)
        {
            Vector512<float> centred = Vector512.Load(x + at) - Vector512.Create(mean), g = Vector512.Load(gradient + at) * Vector512.Load(scale + at);
            squares += centred * centred;
            gs += g;
            along += g * centred;
        }
        var (variance, meanG, meanAlong) = (Vector512.Sum(squares), Vector512.Sum(gs), Vector512.Sum(along));
        for (; at < length; at++)
        {
            float centred = x[at] - mean, g = gradient[at] * scale[at];
            variance += centred * centred;
            meanG += g;
            meanAlong += g * centred;
        }
        var inverse = 1 / MathF.Sqrt(variance / length + work.Numbers[0]);
        meanG /= length;
        var slope = meanAlong / length * inverse * inverse;
        for (at = 0; at < whole; at += Vector512<float>.Count)
        {
            Vector512<float> centred = Vector512.Load(x + at) - Vector512.Create(mean), g = Vector512.Load(gradient + at) * Vector512.Load(scale + at);
            ((g - Vector512.Create(meanG) - centred * slope) * inverse).Store(to + at);
        }
        for (; at < length; at++)
            to[at] = (gradient[at] * scale[at] - meanG - (x[at] - mean) * slope) * inverse;
    }
}
