using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>Takes the 6×6 patches of one map and transforms them: Bᵀ d B, sixteen tiles at a time.</summary>
internal static unsafe class WinogradPatches
{
    private const int Tile = WinogradTransform.Tile, Patch = WinogradTransform.Patch, Lanes = 16;

    /// <summary>Transforms a band of one map.</summary>
    /// <param name="work">The band.</param>
    /// <param name="map">Index of the map.</param>
    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Transform(in WinogradWork work, int map)
    {
        var (columns, tiles) = (work.TileColumns, work.Tiles);
        // The values of all tiles at one of 4 × 6 places of the patch lie side by side. Rows 4 and 5 of a patch are rows 0 and 1 of the tile below.
        var length = WinogradWork.WholeLines(tiles + columns + 2 * Lanes);
        var room = stackalloc float[Tile * Patch * length + Lanes];
        var places = WinogradWork.Align(room);
        Spread(work, map, places, length);
        // Behind the last tile lie zeros: what the stack happens to hold may be subnormal numbers, with which some processors are slow.
        for (var place = 0; place < Tile * Patch; place++)
            Vector512<float>.Zero.Store(places + place * length + tiles + (place < 2 * Patch ? columns : 0));
        var vectors = stackalloc Vector512<float>[Patch * Patch + 1];
        var half = (Vector512<float>*)WinogradWork.Align(vectors);
        var products = work.PatchStride;
        for (var t = 0; t < tiles; t += Lanes)
        {
            // Where the next sixteen will be written is fetched meanwhile: 36 places far apart, for which the processor would wait.
            var (nextTile, nextMap) = t + Lanes < tiles ? (t + Lanes, map) : (0, map + 1);
            var next = WinogradWork.Place(work.Patches, work.Inputs, nextTile, nextMap);
            for (var j = 0; j < Patch; j++)
            {
                for (var k = 0; Sse.IsSupported && k < Patch; k++, next += products)
                    Sse.Prefetch0(next);
                var at = places + j * length + t;
                var row = Patch * length;
                Rows(Vector512.Load(at), Vector512.Load(at + row), Vector512.Load(at + 2 * row), Vector512.Load(at + 3 * row),
                    Vector512.Load(at + columns), Vector512.Load(at + row + columns), half + j, Patch);
            }
            var to = WinogradWork.Place(work.Patches, work.Inputs, t, map);
            for (var i = 0; i < Patch; i++, to += Patch * products)
            {
                var from = half + i * Patch;
                Rows(from[0], from[1], from[2], from[3], from[4], from[5], (Vector512<float>*)to, products / Lanes);
            }
        }
    }

    // Bᵀ d.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Rows(Vector512<float> d0, Vector512<float> d1, Vector512<float> d2, Vector512<float> d3, Vector512<float> d4, Vector512<float> d5, Vector512<float>* to, long step)
    {
        var (four, five) = (Vector512.Create(4f), Vector512.Create(5f));
        Vector512<float> even = d4 - four * d2, odd = d3 - four * d1, even2 = d4 - d2, odd2 = (d3 - d1) + (d3 - d1);
        to[0] = four * d0 - five * d2 + d4;
        to[step] = even + odd;
        to[2 * step] = even - odd;
        to[3 * step] = even2 + odd2;
        to[4 * step] = even2 - odd2;
        to[5 * step] = four * d1 - five * d3 + d5;
    }

    [SkipLocalsInit, MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Spread(in WinogradWork work, int map, float* places, int length)
    {
        var columns = work.TileColumns;
        var needed = Tile * columns + 2;
        // A row of the map between its zeros, and what whole vectors read behind it.
        Span<float> line = stackalloc float[needed + 2 * Lanes];
        line.Clear();
        var (begin, count) = (work.Left, Math.Min(work.Width, needed - work.Left));
        var order = Vector512.Create(0, 4, 8, 12, 1, 5, 9, 13, 2, 6, 10, 14, 3, 7, 11, 15);
        for (var y = 0; y < Tile * work.Rows + 2; y++)
        {
            var row = Tile * work.FirstRow + y - work.Top;
            if (row >= 0 && row < work.Height)
                new Span<float>(work.Input + ((long)map * work.Height + row) * work.Width, count).CopyTo(line[begin..]);
            else
                line.Clear();
            var to = places + y % Tile * Patch * length + y / Tile * columns;
            fixed (float* from = line)
            {
                // Rows come one after the other, so that what is written behind the end of one is written over by the next.
                if (WideVectors.Fast)
                    for (var c = 0; c < columns; c += 4)
                    {
                        var (first, second) = (Vector512.Shuffle(Vector512.Load(from + Tile * c), order), Vector512.Shuffle(Vector512.Load(from + Tile * (c + 1)), order));
                        first.GetLower().GetLower().Store(to + c);
                        first.GetLower().GetUpper().Store(to + length + c);
                        first.GetUpper().GetLower().Store(to + 2 * length + c);
                        first.GetUpper().GetUpper().Store(to + 3 * length + c);
                        second.GetLower().GetLower().Store(to + 4 * length + c);
                        second.GetLower().GetUpper().Store(to + 5 * length + c);
                    }
                else
                    for (var j = 0; j < Patch; j++)
                        for (var c = 0; c < columns; c++)
                            to[j * length + c] = from[Tile * c + j];
            }
        }
    }
}
