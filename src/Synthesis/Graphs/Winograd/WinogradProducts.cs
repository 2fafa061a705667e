using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.X86;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>Products of the transformed weights with the transformed patches: 36 products of matrices, in blocks of 8 maps and up to 32 tiles that stay in registers.</summary>
internal static unsafe class WinogradProducts
{
    private const int Maps = WinogradTransform.MapsTogether, Tiles = WinogradWork.TilesTogether, BlocksAtOnce = 8;

    /// <summary>Number of parts into which the work on a band falls.</summary>
    public static int Parts(in WinogradWork work) => WinogradTransform.Products * PartsOfOne(work);

    /// <summary>Computes one part.</summary>
    /// <param name="work">The band.</param>
    /// <param name="part">Index of the part.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public static void Multiply(in WinogradWork work, int part)
    {
        var (product, first) = (part / PartsOfOne(work), part % PartsOfOne(work) * BlocksAtOnce);
        var (inputs, blocks) = (work.Inputs, work.PaddedOutputs / Maps);
        for (var m = first; m < Math.Min(first + BlocksAtOnce, blocks); m++)
        {
            var weights = work.Weights + ((long)product * blocks + m) * inputs * Maps;
            for (var t = 0; t < work.TileBlocks; t++)
            {
                var patches = work.Patches + product * work.PatchStride + (long)t * inputs * Tiles;
                var to = work.Products + product * work.ProductStride + ((long)t * blocks + m) * Maps * Tiles;
                Multiply(weights, patches, to, inputs, Math.Min(Tiles, work.Tiles - t * Tiles));
            }
        }
    }

    private static int PartsOfOne(in WinogradWork work) => (work.PaddedOutputs / Maps + BlocksAtOnce - 1) / BlocksAtOnce;

    private static void Multiply(float* weights, float* patches, float* to, int inputs, int tiles)
    {
        var at = 0;
        for (; WideVectors.Fast && tiles - at > 24; at += 32)
            Multiply32(weights, patches + at, to + at, inputs);
        for (; WideVectors.Fast && tiles - at > 8; at += 16)
            Multiply16(weights, patches + at, to + at, inputs);
        for (; at < tiles; at += 8)
            Multiply8(weights, patches + at, to + at, inputs);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply32(float* weights, float* patches, float* to, int inputs)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        Vector512<float> b0 = default, b1 = default, b2 = default, b3 = default, b4 = default, b5 = default, b6 = default, b7 = default;
        for (var end = weights + (long)inputs * Maps; weights < end; weights += Maps, patches += Tiles)
        {
            Vector512<float> x = Vector512.Load(patches), y = Vector512.Load(patches + 16);
            var w = Vector512.Create(weights[0]);
            (a0, b0) = (Vector512.MultiplyAddEstimate(w, x, a0), Vector512.MultiplyAddEstimate(w, y, b0));
            w = Vector512.Create(weights[1]);
            (a1, b1) = (Vector512.MultiplyAddEstimate(w, x, a1), Vector512.MultiplyAddEstimate(w, y, b1));
            w = Vector512.Create(weights[2]);
            (a2, b2) = (Vector512.MultiplyAddEstimate(w, x, a2), Vector512.MultiplyAddEstimate(w, y, b2));
            w = Vector512.Create(weights[3]);
            (a3, b3) = (Vector512.MultiplyAddEstimate(w, x, a3), Vector512.MultiplyAddEstimate(w, y, b3));
            w = Vector512.Create(weights[4]);
            (a4, b4) = (Vector512.MultiplyAddEstimate(w, x, a4), Vector512.MultiplyAddEstimate(w, y, b4));
            w = Vector512.Create(weights[5]);
            (a5, b5) = (Vector512.MultiplyAddEstimate(w, x, a5), Vector512.MultiplyAddEstimate(w, y, b5));
            w = Vector512.Create(weights[6]);
            (a6, b6) = (Vector512.MultiplyAddEstimate(w, x, a6), Vector512.MultiplyAddEstimate(w, y, b6));
            w = Vector512.Create(weights[7]);
            (a7, b7) = (Vector512.MultiplyAddEstimate(w, x, a7), Vector512.MultiplyAddEstimate(w, y, b7));
        }
        a0.Store(to);
        a1.Store(to + 1 * Tiles);
        a2.Store(to + 2 * Tiles);
        a3.Store(to + 3 * Tiles);
        a4.Store(to + 4 * Tiles);
        a5.Store(to + 5 * Tiles);
        a6.Store(to + 6 * Tiles);
        a7.Store(to + 7 * Tiles);
        b0.Store(to + 16);
        b1.Store(to + 1 * Tiles + 16);
        b2.Store(to + 2 * Tiles + 16);
        b3.Store(to + 3 * Tiles + 16);
        b4.Store(to + 4 * Tiles + 16);
        b5.Store(to + 5 * Tiles + 16);
        b6.Store(to + 6 * Tiles + 16);
        b7.Store(to + 7 * Tiles + 16);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply16(float* weights, float* patches, float* to, int inputs)
    {
        Vector512<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        // So few tiles are done before the next maps' weights would be there, were they not fetched meanwhile.
        var ahead = (long)inputs * Maps;
        for (var end = weights + ahead; weights < end; weights += Maps, patches += Tiles)
        {
            if (Sse.IsSupported)
                Sse.Prefetch1(weights + ahead);
            var x = Vector512.Load(patches);
            a0 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[0]), x, a0);
            a1 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[1]), x, a1);
            a2 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[2]), x, a2);
            a3 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[3]), x, a3);
            a4 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[4]), x, a4);
            a5 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[5]), x, a5);
            a6 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[6]), x, a6);
            a7 = Vector512.MultiplyAddEstimate(Vector512.Create(weights[7]), x, a7);
        }
        a0.Store(to);
        a1.Store(to + 1 * Tiles);
        a2.Store(to + 2 * Tiles);
        a3.Store(to + 3 * Tiles);
        a4.Store(to + 4 * Tiles);
        a5.Store(to + 5 * Tiles);
        a6.Store(to + 6 * Tiles);
        a7.Store(to + 7 * Tiles);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Multiply8(float* weights, float* patches, float* to, int inputs)
    {
        Vector256<float> a0 = default, a1 = default, a2 = default, a3 = default, a4 = default, a5 = default, a6 = default, a7 = default;
        for (var end = weights + (long)inputs * Maps; weights < end; weights += Maps, patches += Tiles)
        {
            var x = Vector256.Load(patches);
            a0 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[0]), x, a0);
            a1 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[1]), x, a1);
            a2 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[2]), x, a2);
            a3 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[3]), x, a3);
            a4 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[4]), x, a4);
            a5 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[5]), x, a5);
            a6 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[6]), x, a6);
            a7 = Vector256.MultiplyAddEstimate(Vector256.Create(weights[7]), x, a7);
        }
        a0.Store(to);
        a1.Store(to + 1 * Tiles);
        a2.Store(to + 2 * Tiles);
        a3.Store(to + 3 * Tiles);
        a4.Store(to + 4 * Tiles);
        a5.Store(to + 5 * Tiles);
        a6.Store(to + 6 * Tiles);
        a7.Store(to + 7 * Tiles);
    }
}
