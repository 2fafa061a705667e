using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>Makes the 4×4 tiles of one map of the result, Aᵀ m A, sixteen tiles at a time, and puts them together.</summary>
internal static unsafe class WinogradTiles
{
    private const int Tile = WinogradTransform.Tile, Patch = WinogradTransform.Patch, Lanes = 16;

    /// <summary>Makes a band of one map.</summary>
    /// <param name="work">The band.</param>
    /// <param name="map">Index of the map.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void PutTogether(in WinogradWork work, int map)
    {
        var tiles = work.Tiles;
        // The values of all tiles at one of the 4 × 4 places lie side by side.
        var length = WinogradWork.WholeLines(tiles + 2 * Lanes);
        var room = stackalloc float[Tile * Tile * length + Lanes];
        var places = WinogradWork.Align(room);
        var vectors = stackalloc Vector512<float>[Tile * Patch + 1];
        var half = (Vector512<float>*)WinogradWork.Align(vectors);
        var bias = Vector512.Create(work.Bias is null ? 0 : work.Bias[map]);
        var products = work.ProductStride;
        for (var t = 0; t < tiles; t += Lanes)
        {
            // What the next sixteen read is fetched meanwhile: 36 places far apart, for which the processor would wait.
            var (nextTile, nextMap) = t + Lanes < tiles ? (t + Lanes, map) : (0, map + 1);
            var from = WinogradWork.Place(work.Products, work.PaddedOutputs, t, map);
            var next = WinogradWork.Place(work.Products, work.PaddedOutputs, nextTile, nextMap);
            var row = Patch * products;
            for (var j = 0; j < Patch; j++, from += products)
            {
                for (var k = 0; Sse.IsSupported && k < Patch; k++, next += products)
                    Sse.Prefetch0(next);
                Rows(Vector512.Load(from), Vector512.Load(from + row), Vector512.Load(from + 2 * row), Vector512.Load(from + 3 * row),
                    Vector512.Load(from + 4 * row), Vector512.Load(from + 5 * row), out half[j], out half[Patch + j], out half[2 * Patch + j], out half[3 * Patch + j]);
            }
            for (var i = 0; i < Tile; i++)
            {
                var m = half + i * Patch;
                Rows(m[0], m[1], m[2], m[3], m[4], m[5], out var v0, out var v1, out var v2, out var v3);
                var to = places + i * Tile * length + t;
                (v0 + bias).Store(to);
                (v1 + bias).Store(to + length);
                (v2 + bias).Store(to + 2 * length);
                (v3 + bias).Store(to + 3 * length);
            }
        }
        Collect(work, map, places, length);
    }

    // Aᵀ m.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows(Vector512<float> m0, Vector512<float> m1, Vector512<float> m2, Vector512<float> m3, Vector512<float> m4, Vector512<float> m5,
        out Vector512<float> v0, out Vector512<float> v1, out Vector512<float> v2, out Vector512<float> v3)
    {
        Vector512<float> sum = m1 + m2, difference = m1 - m2, sum2 = m3 + m4, difference2 = m3 - m4;
        v0 = m0 + sum + sum2;
        v1 = difference + (difference2 + difference2);
        v2 = sum + Vector512.Create(4f) * sum2;
        v3 = difference + Vector512.Create(8f) * difference2 + m5;
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Collect(in WinogradWork work, int map, float* places, int length)
    {
        var (columns, width) = (work.TileColumns, work.OutputWidth);
        var order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        var last = stackalloc float[Lanes];
        var end = (map + 1L) * work.OutputHeight * width;
        var rows = Math.Min(Tile * work.Rows, work.OutputHeight - Tile * work.FirstRow);
        for (var y = 0; y < rows; y++)
        {
            var from = places + y % Tile * Tile * length + y / Tile * columns;
            var at = ((long)map * work.OutputHeight + Tile * work.FirstRow + y) * width;
            for (var x = 0; x < width; x += Lanes, from += Lanes / Tile)
            {
                Vector512<float> values;
                if (WideVectors.Fast)
                    values = Vector512.Shuffle(Vector512.Create(
                        Vector256.Create(Vector128.Load(from), Vector128.Load(from + length)),
                        Vector256.Create(Vector128.Load(from + 2 * length), Vector128.Load(from + 3 * length))), order);
                else
                {
                    for (var i = 0; i < Lanes; i++)
                        last[i] = from[i % Tile * length + i / Tile];
                    values = Vector512.Load(last);
                }
                // What is written behind the end of a row is written over by the next row; nothing is read or written behind the end of the map.
                if (at + x + Lanes <= end)
                    Finish(work, values, at + x).Store(work.Output + at + x);
                else
                {
                    values.Store(last);
                    for (var i = 0; i < width - x; i++)
                        work.Output[at + x + i] = Finish(work, last[i], at + x + i);
                }
            }
        }
    }

    // As WinogradEpilogue tells.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector512<float> Finish(in WinogradWork work, Vector512<float> values, long at)
    {
        if (work.Addend is not null)
            values += Vector512.Load(work.Addend + at);
        if (work.Mask is not null)
            values = Vector512.ConditionalSelect(Vector512.GreaterThan(Vector512.Load(work.Mask + at), Vector512<float>.Zero), values, Vector512<float>.Zero);
        return work.Rectified ? Vector512.ConditionalSelect(Vector512.LessThan(values, Vector512<float>.Zero), Vector512<float>.Zero, values) : values;
    }

    private static float Finish(in WinogradWork work, float value, long at)
    {
        if (work.Addend is not null)
            value += work.Addend[at];
        if (work.Mask is not null && !(work.Mask[at] > 0))
            value = 0;
        return work.Rectified && value < 0 ? 0 : value;
    }
}
