using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>exp(x), exp(−x²) and erf(x) of sixteen numbers at once.</summary>
internal static class ErrorFunction
{
    // ln 2 in two parts, so that whole multiples of it are taken off without loss (Cody and Waite 1980).
    private const float PerLn2 = 1.44269504f, Ln2 = 0.693359375f, Ln2Rest = -2.12194440e-4f;

    /// <summary>exp(−x²), as <see cref="Exp"/>.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Bell(Vector512<float> x) => Exp(-(x * x));

    /// <summary>exp(x) of x ≤ 0 to two units in the last place; below 1e-37 it is not told from that.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Exp(Vector512<float> x)
    {
        var exponent = Vector512.Max(x, Vector512.Create(-85f));
        var twos = Vector512.Round(exponent * PerLn2);
        var rest = Vector512.MultiplyAddEstimate(twos, Vector512.Create(-Ln2Rest), Vector512.MultiplyAddEstimate(twos, Vector512.Create(-Ln2), exponent));
        // The power series; |rest| is at most ln 2 / 2, and what is left out below 1e-8.
        var sum = Vector512.Create(1f / 5040);
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512.Create(1f / 720));
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512.Create(1f / 120));
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512.Create(1f / 24));
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512.Create(1f / 6));
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512.Create(1f / 2));
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512<float>.One);
        sum = Vector512.MultiplyAddEstimate(sum, rest, Vector512<float>.One);
        return (sum.AsInt32() + Vector512.ShiftLeft(Vector512.ConvertToInt32(twos), 23)).AsSingle();
    }

    /// <summary>erf(x), of exp(−x²), to 1.5e-7 (Abramowitz and Stegun 1964, 7.1.26).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Vector512<float> Erf(Vector512<float> x, Vector512<float> bell)
    {
        var t = Vector512<float>.One / Vector512.MultiplyAddEstimate(Vector512.Abs(x), Vector512.Create(0.3275911f), Vector512<float>.One);
        var sum = Vector512.Create(1.061405429f);
        sum = Vector512.MultiplyAddEstimate(sum, t, Vector512.Create(-1.453152027f));
        sum = Vector512.MultiplyAddEstimate(sum, t, Vector512.Create(1.421413741f));
        sum = Vector512.MultiplyAddEstimate(sum, t, Vector512.Create(-0.284496736f));
        sum = Vector512.MultiplyAddEstimate(sum, t, Vector512.Create(0.254829592f));
        return Vector512.CopySign(Vector512<float>.One - sum * t * bell, x);
    }
}
