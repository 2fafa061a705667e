namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>The factors ε by which degrees of freedom shrink where the differences between stages vary unequally; each from 1/k to 1.</summary>
public readonly record struct Sphericity(double GreenhouseGeisser, double HuynhFeldt, double LowerBound)
{
    public static readonly Sphericity Held = new(1, 1, 1);

    /// <param name="covariance">Covariance of the scores on k orthonormal contrasts, pooled over groups, [k, k].</param>
    /// <param name="df">Its degrees of freedom: rows − groups.</param>
    /// <returns>
    /// Greenhouse and Geisser: tr(S)² / (k tr(S²)). Huynh and Feldt as Lecoutre (1991) corrected it: ((df + 1) k ε − 2) / (k (df − k ε)), at most 1;
    /// where its denominator is 0 (too few rows for k contrasts, without any structure in S) it is 1. Lower bound: 1 / k.
    /// Null where S is 0: nobody differs from anybody.
    /// </returns>
    public static Sphericity? Of(double[,] covariance, int df)
    {
        var k = covariance.GetLength(0);
        double trace = 0, squares = 0;
        for (var i = 0; i < k; i++)
        {
            trace += covariance[i, i];
            for (var j = 0; j < k; j++) squares += covariance[i, j] * covariance[i, j];
        }
        if (squares == 0) return null;
        var gg = Math.Min(1, trace * trace / (k * squares));
        var room = k * (df - k * gg);
        var hf = room > 1e-9 ? Math.Min(1, ((df + 1) * k * gg - 2) / room) : 1;
        return new Sphericity(gg, hf, 1.0 / k);
    }
}
