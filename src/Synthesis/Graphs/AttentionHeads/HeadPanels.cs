using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>Copies of matrices as <see cref="HeadProducts"/> reads them: panels of 32 columns, one behind the other, each row by row.</summary>
internal static unsafe class HeadPanels
{
    /// <summary>Columns of a panel.</summary>
    public const int Columns = 32;

    /// <summary>Values of a row that is filled up to whole panels.</summary>
    public static long Padded(long columns) => (columns + Columns - 1) / Columns * Columns;

    /// <summary>Copies a matrix.</summary>
    /// <param name="from">Its first row.</param>
    /// <param name="stride">How many values further the next row begins.</param>
    /// <param name="rows">Its rows.</param>
    /// <param name="columns">Its columns, a multiple of 32.</param>
    /// <param name="to">Memory for as many values.</param>
    /// <returns>What lies behind.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float* Copy(float* from, long stride, long rows, long columns, float* to)
    {
        for (var panel = 0L; panel < columns; panel += Columns)
            for (var row = 0L; row < rows; row++, to += Columns)
            {
                var at = from + row * stride + panel;
                Vector512.Load(at).Store(to);
                Vector512.Load(at + 16).Store(to + 16);
            }
        return to;
    }

    /// <summary>Copies the transpose of a matrix, with zeros in the columns behind its own.</summary>
    /// <param name="from">The first row of the matrix.</param>
    /// <param name="stride">How many values further the next row begins.</param>
    /// <param name="rows">Rows of the matrix, columns of the transpose.</param>
    /// <param name="columns">Columns of the matrix, rows of the transpose; a multiple of four.</param>
    /// <param name="to">Memory for <paramref name="columns"/> times <paramref name="rows"/>, filled up, values.</param>
    /// <returns>What lies behind.</returns>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static float* Transpose(float* from, long stride, long rows, long columns, float* to)
    {
        // Of four rows of four values, one behind the other.
        var order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        for (var panel = 0L; panel < rows; panel += Columns, to += Columns * columns)
        {
            var row = 0L;
            for (; row < Columns && panel + row + 4 <= rows; row += 4)
            {
                float* at = from + (panel + row) * stride, put = to + row;
                for (var column = 0L; column < columns; column += 4, put += 4 * Columns)
                {
                    var values = Vector512.Shuffle(Vector512.Create(
                        Vector256.Create(Vector128.Load(at + column), Vector128.Load(at + stride + column)),
                        Vector256.Create(Vector128.Load(at + 2 * stride + column), Vector128.Load(at + 3 * stride + column))), order);
                    values.GetLower().GetLower().Store(put);
                    values.GetLower().GetUpper().Store(put + Columns);
                    values.GetUpper().GetLower().Store(put + 2 * Columns);
                    values.GetUpper().GetUpper().Store(put + 3 * Columns);
                }
            }
            for (; row < Columns; row++)
                for (var column = 0L; column < columns; column++)
                    to[column * Columns + row] = panel + row < rows ? from[(panel + row) * stride + column] : 0;
        }
        return to;
    }
}
