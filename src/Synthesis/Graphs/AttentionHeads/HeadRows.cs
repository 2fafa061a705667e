using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>Softmax of rows of scores. Rows to work in are filled up to whole vectors.</summary>
internal static unsafe class HeadRows
{
    /// <summary>exp(s − max s) / Σ exp(s − max s) of each of twelve rows.</summary>
    /// <param name="scores">Scores, in rows to work in; they are changed.</param>
    /// <param name="stride">How many values further the next row begins.</param>
    /// <param name="length">How many a row has.</param>
    /// <param name="to">Where the weights go, row by row.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Softmax(float* scores, long stride, long length, float* to)
    {
        // Each step for all rows, since the next of one row has to wait for it.
        float* largest = stackalloc float[HeadProducts.Rows], shares = stackalloc float[HeadProducts.Rows];
        var whole = (length + 15) / 16 * 16;
        for (var row = 0; row < HeadProducts.Rows; row++)
        {
            var at = scores + row * stride;
            // Behind the last stands what counts for nothing.
            for (var i = length; i < whole; i++)
                at[i] = float.MinValue;
            var most = Vector512.Load(at);
            for (var i = 16L; i < whole; i += 16)
                most = Vector512.MaxNative(most, Vector512.Load(at + i));
            largest[row] = Largest(most);
        }
        for (var row = 0; row < HeadProducts.Rows; row++)
        {
            var at = scores + row * stride;
            var sums = Vector512<float>.Zero;
            for (var i = 0L; i < whole; i += 16)
            {
                var power = ErrorFunction.Exp(Vector512.Load(at + i) - Vector512.Create(largest[row]));
                power.Store(at + i);
                sums += power;
            }
            shares[row] = 1 / Vector512.Sum(sums);
        }
        for (var row = 0; row < HeadProducts.Rows; row++, to += length)
        {
            var at = scores + row * stride;
            var i = 0L;
            for (; i + 16 <= length; i += 16)
                (Vector512.Load(at + i) * shares[row]).Store(to + i);
            for (; i < length; i++)
                to[i] = at[i] * shares[row];
        }
    }

    private static float Largest(Vector512<float> values)
    {
        var eight = Vector256.MaxNative(values.GetLower(), values.GetUpper());
        var four = Vector128.MaxNative(eight.GetLower(), eight.GetUpper());
        return MathF.Max(MathF.Max(four[0], four[1]), MathF.Max(four[2], four[3]));
    }
}
