using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>
/// Winograd's minimal filtering F(4×4, 3×3) with the points 0, ±1, ±2, ∞ (Lavin and Gray 2016, "Fast algorithms for convolutional neural
/// networks", section 4.3): a tile of 4×4 results is Aᵀ[(G g Gᵀ) ⊙ (Bᵀ d B)]A of the 6×6 values d that it reads and the window g. That is 36 multiplications
/// instead of 144.
/// </summary>
internal static class WinogradTransform
{
    /// <summary>Side of a tile of results.</summary>
    public const int Tile = 4;

    /// <summary>Side of what a tile reads.</summary>
    public const int Patch = 6;

    /// <summary>Multiplications for a tile.</summary>
    public const int Products = Patch * Patch;

    /// <summary>Maps whose weights lie side by side: as many as are computed at a time.</summary>
    public const int MapsTogether = 8;

    private static readonly double[,] Filter =
    {
        { 1 / 4d, 0, 0 }, { -1 / 6d, -1 / 6d, -1 / 6d }, { -1 / 6d, 1 / 6d, -1 / 6d }, { 1 / 24d, 1 / 12d, 1 / 6d }, { 1 / 24d, -1 / 12d, 1 / 6d }, { 0, 0, 1 },
    };

    /// <summary>G g Gᵀ of each window, computed in float64, in the order in which <see cref="WinogradProducts"/> reads them.</summary>
    /// <param name="name">Name of the result.</param>
    /// <param name="weights">[M, C, 3, 3], float32.</param>
    /// <returns>[36, ⌈M/8⌉, C, 8]; maps that are not there have weights of 0.</returns>
    public static TensorProto Weights(string name, TensorProto weights)
    {
        var windows = weights.Doubles();
        var (inputs, blocks) = (weights.Dims[1], Blocks(weights.Dims[0]));
        var transformed = new float[Products * blocks * inputs * MapsTogether];
        Span<double> half = stackalloc double[Patch * 3];
        for (var w = 0; w < windows.Length / 9; w++)
        {
            var (map, input) = (w / inputs, w % inputs);
            var g = windows.AsSpan(9 * w, 9);
            for (var a = 0; a < Patch; a++)
                for (var j = 0; j < 3; j++)
                    half[3 * a + j] = Filter[a, 0] * g[j] + Filter[a, 1] * g[3 + j] + Filter[a, 2] * g[6 + j];
            for (var a = 0; a < Patch; a++)
                for (var b = 0; b < Patch; b++)
                    transformed[(((a * Patch + b) * blocks + map / MapsTogether) * inputs + input) * MapsTogether + map % MapsTogether] =
                        (float)(half[3 * a] * Filter[b, 0] + half[3 * a + 1] * Filter[b, 1] + half[3 * a + 2] * Filter[b, 2]);
        }
        return TensorData.Of(name, [Products, blocks, inputs, MapsTogether], transformed);
    }

    /// <summary>Blocks of maps whose weights lie side by side.</summary>
    public static long Blocks(long maps) => (maps + MapsTogether - 1) / MapsTogether;
}
