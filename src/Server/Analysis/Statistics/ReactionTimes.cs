using MathNet.Numerics.Distributions;
using MathNet.Numerics.LinearAlgebra.Double;
using MathNet.Numerics.Optimization;
using MathNet.Numerics.Statistics;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>The ex-Gaussian distribution of best fit: a normal part (mean μ, SD σ) plus an exponential part (mean τ), all in ms.</summary>
public readonly record struct ExGaussian(double MuMs, double SigmaMs, double TauMs);

/// <summary>How reaction times are distributed. Times in ms; the quantiles are those at .1, .3, .5, .7 and .9.</summary>
/// <param name="SdMs">Divisor n − 1; null with one time.</param>
/// <param name="Fit">By maximum likelihood; null with fewer than 20 times or without skew to the right, where τ would be 0.</param>
public sealed record ReactionTimes(int N, double MeanMs, double? SdMs, double MedianMs, IReadOnlyList<double> QuantilesMs, ExGaussian? Fit)
{
    public static readonly IReadOnlyList<double> Shares = [0.1, 0.3, 0.5, 0.7, 0.9];

    // Above this many times the fit takes as many evenly spaced quantiles instead: the curve is the same and the work bounded.
    private const int MostFitted = 4096;

    /// <summary>Null without a time. Missing answers have none and do not enter.</summary>
    public static ReactionTimes? Of(IEnumerable<double> timesMs)
    {
        double[] sorted = [.. timesMs.Order()];
        if (sorted.Length == 0) return null;
        var mean = sorted.Average();
        double? sd = sorted.Length == 1 ? null : Math.Sqrt(sorted.Sum(t => (t - mean) * (t - mean)) / (sorted.Length - 1));
        return new ReactionTimes(sorted.Length, mean, sd, ParticipantBootstrap.Quantile(sorted, 0.5), [.. Shares.Select(s => ParticipantBootstrap.Quantile(sorted, s))], FitOf(sorted, mean, sd ?? 0));
    }

    /// <summary>
    /// The distribution of a typical participant: the participants' quantiles, averaged (Vincent 1912; Ratcliff 1979), so that differences between
    /// people do not widen it. Null without a participant who has a time.
    /// </summary>
    public static IReadOnlyList<double>? Vincentiles(IEnumerable<IEnumerable<double>> participantsMs)
    {
        var quantiles = participantsMs.Select(Of).OfType<ReactionTimes>().Select(t => t.QuantilesMs).ToList();
        return quantiles.Count == 0 ? null : [.. Shares.Select((_, i) => quantiles.Average(q => q[i]))];
    }

    /// <summary>
    /// Density per second at some times: a Gaussian kernel of the width 0.9 min(SD, IQR / 1.34) n^(−1/5) (Silverman 1986). Above some thousand times it is
    /// that of as many evenly spaced quantiles. Null with fewer than 2 different times.
    /// </summary>
    public static IReadOnlyList<double>? Density(IEnumerable<double> timesMs, IReadOnlyList<double> atMs)
    {
        double[] sorted = Thinned([.. timesMs.Order()]);
        if (sorted.Length < 2 || sorted[0] == sorted[^1]) return null;
        var mean = sorted.Average();
        var sd = Math.Sqrt(sorted.Sum(t => (t - mean) * (t - mean)) / (sorted.Length - 1));
        var quartiles = ParticipantBootstrap.Quantile(sorted, 0.75) - ParticipantBootstrap.Quantile(sorted, 0.25);
        var width = 0.9 * (quartiles > 0 ? Math.Min(sd, quartiles / 1.34) : sd) * Math.Pow(sorted.Length, -0.2);
        return [.. atMs.Select(at => 1000 * KernelDensity.EstimateGaussian(at, width, sorted))];
    }

    private static double[] Thinned(double[] sorted) =>
        sorted.Length <= MostFitted ? sorted : [.. Enumerable.Range(0, MostFitted).Select(i => ParticipantBootstrap.Quantile(sorted, (i + 0.5) / MostFitted))];

    // Started from the moments: τ = s (skew / 2)^⅓ (Heathcote 1996), in logarithms so that σ and τ stay positive.
    private static ExGaussian? FitOf(double[] sorted, double mean, double sd)
    {
        if (sorted.Length < 20 || sd == 0) return null;
        var skew = sorted.Average(t => Math.Pow((t - mean) / sd, 3));
        if (skew <= 0.01) return null;
        var tau = sd * Math.Min(0.95, Math.Cbrt(skew / 2));
        var times = Thinned(sorted);
        var start = new DenseVector([(mean - tau) / sd, 0.5 * Math.Log(1 - tau * tau / (sd * sd)), Math.Log(tau / sd)]);
        try
        {
            var best = NelderMeadSimplex.Minimum(ObjectiveFunction.Value(p => -times.Sum(t => LogDensity(t / sd, p[0], Math.Exp(p[1]), Math.Exp(p[2])))), start, 1e-9, 5000).MinimizingPoint;
            return new ExGaussian(best[0] * sd, Math.Exp(best[1]) * sd, Math.Exp(best[2]) * sd);
        }
        catch (OptimizationException)
        {
            return null;
        }
    }

    // ln[(1/τ) exp(σ²/2τ² − (t − μ)/τ) Φ((t − μ)/σ − σ/τ)]; far below, ln Φ(z) by its asymptotic series.
    private static double LogDensity(double t, double mu, double sigma, double tau)
    {
        var z = (t - mu) / sigma - sigma / tau;
        var logPhi = z > -8 ? Math.Log(Normal.CDF(0, 1, z)) : -z * z / 2 - Math.Log(-z) - 0.5 * Math.Log(2 * Math.PI) + Math.Log(1 - 1 / (z * z) + 3 / (z * z * z * z));
        return -Math.Log(tau) + sigma * sigma / (2 * tau * tau) - (t - mu) / tau + logPhi;
    }
}
