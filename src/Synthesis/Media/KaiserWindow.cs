namespace PerceptionStudy.Synthesis.Media;

/// <summary>The window of Kaiser (1974), I₀(β·√(1−u²)) / I₀(β) for u from −1 to 1.</summary>
internal static class KaiserWindow
{
    /// <summary>The window at a place; 0 outside −1 to 1.</summary>
    /// <param name="u">−1 at its beginning, 1 at its end.</param>
    /// <param name="beta">0 is a rectangle; larger is narrower, with lower side lobes.</param>
    public static double At(double u, double beta) => Math.Abs(u) > 1 ? 0 : Bessel(beta * Math.Sqrt(1 - u * u)) / Bessel(beta);

    // The modified Bessel function of the first kind and order 0, by its power series.
    private static double Bessel(double x)
    {
        double sum = 1, term = 1;
        for (var k = 1; term > 1e-17 * sum; k++)
        {
            term *= x / (2 * k) * (x / (2 * k));
            sum += term;
        }
        return sum;
    }
}
