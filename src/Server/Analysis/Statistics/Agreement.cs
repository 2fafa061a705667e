using MathNet.Numerics.Distributions;
using MathNet.Numerics.Statistics;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>
/// How far two measures of the same conditions go together. Each coefficient is null where it is undefined (fewer than 2 conditions, or a measure that
/// does not vary), each interval where there are fewer than 4 conditions more than that or the coefficient is ±1.
/// </summary>
/// <param name="R2">Pearson's r squared.</param>
/// <param name="KendallTau">τ-b, which allows for ties (Kendall 1945).</param>
public sealed record Agreement(int N, double? Pearson, double? R2, double? Spearman, double? KendallTau)
{
    /// <summary>95 %, by Fisher's (1915) z with variance 1 / (n − 3).</summary>
    public Interval? PearsonInterval => Fisher(Pearson, 1.0 / (N - 3));

    /// <summary>The squares of Pearson's limits; from 0 where they have different signs.</summary>
    public Interval? R2Interval => PearsonInterval is not { } r ? null
        : new Interval(r.Lower * r.Upper <= 0 ? 0 : Math.Min(r.Lower * r.Lower, r.Upper * r.Upper), Math.Max(r.Lower * r.Lower, r.Upper * r.Upper));

    /// <summary>95 %, z with variance (1 + ρ² / 2) / (n − 3) (Bonett and Wright 2000).</summary>
    public Interval? SpearmanInterval => Fisher(Spearman, (1 + Spearman * Spearman / 2) / (N - 3));

    /// <summary>95 %, z with variance .437 / (n − 4) (Fieller, Hartley and Pearson 1957).</summary>
    public Interval? KendallInterval => Fisher(KendallTau, 0.437 / (N - 4));

    /// <param name="x">One measure of each condition.</param>
    /// <param name="y">The other, in the same order.</param>
    public static Agreement Of(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        var r = x.Count < 2 ? null : Defined(Correlation.Pearson(x, y));
        return new Agreement(x.Count, r, r * r, x.Count < 2 ? null : Defined(Correlation.Spearman(x, y)), TauB(x, y));
    }

    private static double? Defined(double value) => double.IsFinite(value) ? value : null;

    // (concordant − discordant) / √((pairs − ties in x)(pairs − ties in y)).
    private static double? TauB(IReadOnlyList<double> x, IReadOnlyList<double> y)
    {
        long difference = 0, untiedX = 0, untiedY = 0;
        for (var i = 0; i < x.Count; i++)
        {
            for (var j = 0; j < i; j++)
            {
                var (signX, signY) = (x[i].CompareTo(x[j]), y[i].CompareTo(y[j]));
                difference += signX * signY;
                untiedX += Math.Abs(signX);
                untiedY += Math.Abs(signY);
            }
        }
        return untiedX == 0 || untiedY == 0 ? null : difference / Math.Sqrt((double)untiedX * untiedY);
    }

    private Interval? Fisher(double? coefficient, double? variance)
    {
        if (coefficient is not { } r || variance is not > 0 || N < 5 || Math.Abs(r) > 1 - 1e-12) return null;
        var reach = Normal.InvCDF(0, 1, 0.975) * Math.Sqrt(variance.Value);
        return new Interval(Math.Tanh(Math.Atanh(r) - reach), Math.Tanh(Math.Atanh(r) + reach));
    }
}
