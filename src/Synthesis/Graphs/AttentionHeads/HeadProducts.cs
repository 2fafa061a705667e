using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>Products of matrices of one head: 12 rows by 32 columns at a time stay in registers.</summary>
internal static unsafe class HeadProducts
{
    /// <summary>Rows that are computed together; a matrix has no fewer.</summary>
    public const int Rows = 12;

    /// <summary>factor · A · B for all rows of A; the last twelve may be computed twice.</summary>
    /// <param name="a">A's first value.</param>
    /// <param name="row">How many values further A's next row begins.</param>
    /// <param name="step">How many values further the next value of a row lies.</param>
    /// <param name="rows">Rows of A.</param>
    /// <param name="panels">B, as <see cref="HeadPanels"/> copies it.</param>
    /// <param name="inner">Columns of A, rows of B.</param>
    /// <param name="columns">Columns of B, a multiple of 32.</param>
    /// <param name="factor">The factor.</param>
    /// <param name="to">The result.</param>
    /// <param name="stride">How many values further its next row begins.</param>
    public static void Multiply(float* a, long row, long step, long rows, float* panels, long inner, long columns, float factor, float* to, long stride)
    {
        for (var column = 0L; column < columns; column += HeadPanels.Columns)
            for (var at = 0L; at < rows; at += Rows)
            {
                var first = Math.Min(at, rows - Rows);
                Block(a + first * row, row, step, panels + column * inner, inner, factor, to + first * stride + column, stride);
            }
    }

    /// <summary>The same for twelve rows.</summary>
    public static void MultiplyRows(float* a, long row, long step, float* panels, long inner, long columns, float factor, float* to, long stride)
    {
        for (var column = 0L; column < columns; column += HeadPanels.Columns)
            Block(a, row, step, panels + column * inner, inner, factor, to + column, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Block(float* a, long row, long step, float* b, long inner, float factor, float* to, long stride)
    {
        Vector512<float> x0 = default, x1 = default, x2 = default, x3 = default, x4 = default, x5 = default, x6 = default, x7 = default, x8 = default, x9 = default, x10 = default, x11 = default;
        Vector512<float> y0 = default, y1 = default, y2 = default, y3 = default, y4 = default, y5 = default, y6 = default, y7 = default, y8 = default, y9 = default, y10 = default, y11 = default;
        float* a3 = a + 3 * row, a6 = a + 6 * row, a9 = a + 9 * row;
        for (var end = b + inner * HeadPanels.Columns; b < end; b += HeadPanels.Columns)
        {
            Vector512<float> u = Vector512.Load(b), v = Vector512.Load(b + 16);
            var w = Vector512.Create(a[0]);
            (x0, y0) = (Vector512.MultiplyAddEstimate(w, u, x0), Vector512.MultiplyAddEstimate(w, v, y0));
            w = Vector512.Create(a[row]);
            (x1, y1) = (Vector512.MultiplyAddEstimate(w, u, x1), Vector512.MultiplyAddEstimate(w, v, y1));
            w = Vector512.Create(a[2 * row]);
            (x2, y2) = (Vector512.MultiplyAddEstimate(w, u, x2), Vector512.MultiplyAddEstimate(w, v, y2));
            w = Vector512.Create(a3[0]);
            (x3, y3) = (Vector512.MultiplyAddEstimate(w, u, x3), Vector512.MultiplyAddEstimate(w, v, y3));
            w = Vector512.Create(a3[row]);
            (x4, y4) = (Vector512.MultiplyAddEstimate(w, u, x4), Vector512.MultiplyAddEstimate(w, v, y4));
            w = Vector512.Create(a3[2 * row]);
            (x5, y5) = (Vector512.MultiplyAddEstimate(w, u, x5), Vector512.MultiplyAddEstimate(w, v, y5));
            w = Vector512.Create(a6[0]);
            (x6, y6) = (Vector512.MultiplyAddEstimate(w, u, x6), Vector512.MultiplyAddEstimate(w, v, y6));
            w = Vector512.Create(a6[row]);
            (x7, y7) = (Vector512.MultiplyAddEstimate(w, u, x7), Vector512.MultiplyAddEstimate(w, v, y7));
            w = Vector512.Create(a6[2 * row]);
            (x8, y8) = (Vector512.MultiplyAddEstimate(w, u, x8), Vector512.MultiplyAddEstimate(w, v, y8));
            w = Vector512.Create(a9[0]);
            (x9, y9) = (Vector512.MultiplyAddEstimate(w, u, x9), Vector512.MultiplyAddEstimate(w, v, y9));
            w = Vector512.Create(a9[row]);
            (x10, y10) = (Vector512.MultiplyAddEstimate(w, u, x10), Vector512.MultiplyAddEstimate(w, v, y10));
            w = Vector512.Create(a9[2 * row]);
            (x11, y11) = (Vector512.MultiplyAddEstimate(w, u, x11), Vector512.MultiplyAddEstimate(w, v, y11));
            a += step;
            a3 += step;
            a6 += step;
            a9 += step;
        }
        to = Store(x0, y0, factor, to, stride);
        to = Store(x1, y1, factor, to, stride);
        to = Store(x2, y2, factor, to, stride);
        to = Store(x3, y3, factor, to, stride);
        to = Store(x4, y4, factor, to, stride);
        to = Store(x5, y5, factor, to, stride);
        to = Store(x6, y6, factor, to, stride);
        to = Store(x7, y7, factor, to, stride);
        to = Store(x8, y8, factor, to, stride);
        to = Store(x9, y9, factor, to, stride);
        to = Store(x10, y10, factor, to, stride);
        Store(x11, y11, factor, to, stride);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static float* Store(Vector512<float> x, Vector512<float> y, float factor, float* to, long stride)
    {
        (x * factor).Store(to);
        (y * factor).Store(to + 16);
        return to + stride;
    }
}
