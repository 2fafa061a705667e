using MathNet.Numerics;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Upper tail of the F distribution with relative precision down to 1e-300, where 1 minus the lower tail would be 0.</summary>
internal static class FDistribution
{
    /// <summary>P(F ≥ <paramref name="f"/>) = I(d₂ / (d₂ + d₁ f); d₂/2, d₁/2), the regularised incomplete beta function. Degrees of freedom need not be whole.</summary>
    public static double UpperTail(double f, double numeratorDf, double denominatorDf) =>
        f <= 0 ? 1 : SpecialFunctions.BetaRegularized(denominatorDf / 2, numeratorDf / 2, denominatorDf / (denominatorDf + numeratorDf * f));
}
