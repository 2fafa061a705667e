using MathNet.Numerics.Distributions;
using MathNet.Numerics.Integration;
using MathNet.Numerics.RootFinding;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>Sensitivity and bias of one category against the rest.</summary>
/// <param name="DPrime">z(hit rate) − z(false-alarm rate).</param>
/// <param name="Criterion">−(z(hit rate) + z(false-alarm rate)) / 2: positive where the category is named too seldom.</param>
public readonly record struct Sensitivity(double HitRate, double FalseAlarmRate, double DPrime, double Criterion);

/// <summary>
/// Sensitivity d′ of signal detection theory (Green and Swets 1966; Macmillan and Creelman 2005), equal-variance normal.
/// Rates of 0 and 1, which have no finite z, do not occur: counts are corrected log-linearly, (k + ½) / (n + 1), always (Hautus 1995).
/// </summary>
public static class Detectability
{
    /// <summary>One category against the rest, from its hits and false alarms. Null where the category, or the rest, was never shown.</summary>
    public static Sensitivity? OfCategory(int hits, int shown, int falseAlarms, int othersShown)
    {
        if (shown == 0 || othersShown == 0) return null;
        var (hit, falseAlarm) = (LogLinear(hits, shown), LogLinear(falseAlarms, othersShown));
        var (zHit, zFalse) = (Normal.InvCDF(0, 1, hit), Normal.InvCDF(0, 1, falseAlarm));
        return new Sensitivity(hit, falseAlarm, zHit - zFalse, -(zHit + zFalse) / 2);
    }

    /// <summary>
    /// d′ of an unbiased observer who chooses the strongest of m alternatives and is right in k of n trials: the d′ for which
    /// P = ∫ φ(x − d′) Φ(x)^(m − 1) dx equals the corrected proportion (Hacker and Ratcliff 1979; for m = 2 it is √2 z(P)). Negative below chance.
    /// Null without trials.
    /// </summary>
    public static double? OfForcedChoice(int correct, int trials, int alternatives)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(alternatives, 2);
        if (trials == 0) return null;
        var proportion = LogLinear(correct, trials);
        return alternatives == 2 ? Math.Sqrt(2) * Normal.InvCDF(0, 1, proportion) : Brent.FindRoot(d => ProportionCorrect(d, alternatives) - proportion, -15, 15, 1e-10);
    }

    /// <summary>Proportion correct of an unbiased observer of sensitivity d′ among m alternatives.</summary>
    public static double ProportionCorrect(double dPrime, int alternatives) =>
        GaussLegendreRule.Integrate(x => Normal.PDF(dPrime, 1, x) * Math.Pow(Normal.CDF(0, 1, x), alternatives - 1), dPrime - 9, dPrime + 9, 128);

    private static double LogLinear(int count, int of) => (count + 0.5) / (of + 1);
}
