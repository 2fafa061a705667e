using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Winograd;

/// <summary>
/// The matrices of Winograd's minimal filtering F(4×4, 3×3) with the points 0, ±1, ±2, ∞ (Lavin and Gray 2016, "Fast algorithms for convolutional neural
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

    private static readonly double[,] Filter =
    {
        { 1 / 4d, 0, 0 }, { -1 / 6d, -1 / 6d, -1 / 6d }, { -1 / 6d, 1 / 6d, -1 / 6d }, { 1 / 24d, 1 / 12d, 1 / 6d }, { 1 / 24d, -1 / 12d, 1 / 6d }, { 0, 0, 1 },
    };

    private static readonly float[,] Input =
    {
        { 4, 0, -5, 0, 1, 0 }, { 0, -4, -4, 1, 1, 0 }, { 0, 4, -4, -1, 1, 0 }, { 0, -2, -1, 2, 1, 0 }, { 0, 2, -1, -2, 1, 0 }, { 0, 4, 0, -5, 0, 1 },
    };

    /// <summary>Aᵀ [4,6].</summary>
    public static float[] Output { get; } = [1, 1, 1, 1, 1, 0, 0, 1, -1, 2, -2, 0, 0, 1, 1, 4, 4, 0, 0, 1, -1, 8, -8, 1];

    /// <summary>Bᵀ d B as a convolution of 36 windows [36,1,6,6], so that taking the patches and transforming them is one operator.</summary>
    public static float[] InputWindows()
    {
        var windows = new float[Products * Products];
        for (var k = 0; k < windows.Length; k++)
        {
            var (a, b, i, j) = (k / (Products * Patch), k / Products % Patch, k / Patch % Patch, k % Patch);
            windows[k] = Input[a, i] * Input[b, j];
        }
        return windows;
    }

    /// <summary>G g Gᵀ of each window, computed in float64.</summary>
    /// <param name="name">Name of the result.</param>
    /// <param name="weights">[M, C, 3, 3], float32.</param>
    /// <returns>[36 M, C, 1, 1]</returns>
    public static TensorProto Weights(string name, TensorProto weights)
    {
        var windows = weights.Doubles();
        var count = windows.Length / 9;
        var transformed = new float[Products * count];
        Span<double> half = stackalloc double[Patch * 3];
        for (var w = 0; w < count; w++)
        {
            var g = windows.AsSpan(9 * w, 9);
            for (var a = 0; a < Patch; a++)
                for (var j = 0; j < 3; j++)
                    half[3 * a + j] = Filter[a, 0] * g[j] + Filter[a, 1] * g[3 + j] + Filter[a, 2] * g[6 + j];
            for (var a = 0; a < Patch; a++)
                for (var b = 0; b < Patch; b++)
                    transformed[(a * Patch + b) * count + w] = (float)(half[3 * a] * Filter[b, 0] + half[3 * a + 1] * Filter[b, 1] + half[3 * a + 2] * Filter[b, 2]);
        }
        return TensorData.Of(name, [Products * weights.Dims[0], weights.Dims[1], 1, 1], transformed);
    }
}
