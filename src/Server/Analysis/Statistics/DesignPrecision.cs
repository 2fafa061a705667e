using MathNet.Numerics.Distributions;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Statistics;

/// <summary>What a design promises of one condition with so many participants.</summary>
/// <param name="Expected">Proportion correct of a middle participant, as assumed.</param>
/// <param name="TrialsPerParticipant">Mean number of trials that count.</param>
/// <param name="HalfWidth">Half the 95 % interval: median over simulated studies.</param>
/// <param name="HalfWidthMost">The same, undercut in four studies of five.</param>
/// <param name="PowerAgainstFirst">Share of simulated studies in which a paired t-test tells it from the first condition (two-sided, α = .05); null for the first.</param>
public sealed record PlannedPrecision(double Expected, double TrialsPerParticipant, double HalfWidth, double HalfWidthMost, double? PowerAgainstFirst);

/// <summary>
/// Precision and power by simulation of a design: participants differ by a shift of their log-odds that is normal and the same in all conditions, and
/// answer each trial independently. Intervals are t(.975; n − 1)·s/√n over the participants' proportions correct, to which the expanded percentile
/// bootstrap of <see cref="ParticipantBootstrap"/> comes for means. Without differences between participants the half-width is, in the mean over
/// conditions of equal trials m, close to t·√(p(1 − p)/(m·n)).
/// </summary>
public static class DesignPrecision
{
    /// <param name="trials">[participant][condition] trials that count; where there are fewer rows than participants, they are used in turn.</param>
    /// <param name="expected">[condition] proportion correct, from 0 to 1; the first condition is what others are compared with.</param>
    /// <param name="participants">2 or more.</param>
    /// <param name="betweenSd">Standard deviation of participants' log-odds, 0 or more.</param>
    /// <param name="studies">Simulated studies.</param>
    /// <param name="seed">The same seed gives the same result.</param>
    public static IReadOnlyList<PlannedPrecision> Simulate(IReadOnlyList<int[]> trials, double[] expected, int participants, double betweenSd, int studies = 400, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(participants, 2);
        if (trials.Count == 0) throw new ArgumentException("The design draws no trials.", nameof(trials));
        var random = new SequenceRandom(seed);
        var t = StudentT.InvCDF(0, 1, participants - 1, 0.975);
        var halfWidths = expected.Select(_ => new List<double>(studies)).ToArray();
        var (told, compared) = (new int[expected.Length], new int[expected.Length]);
        var proportions = expected.Select(_ => new double[participants]).ToArray();
        for (var study = 0; study < studies; study++)
        {
            for (var who = 0; who < participants; who++)
            {
                var shift = betweenSd * Deviate(random);
                for (var c = 0; c < expected.Length; c++) proportions[c][who] = Proportion(trials[who % trials.Count][c], Shifted(expected[c], shift), random);
            }
            for (var c = 0; c < expected.Length; c++)
            {
                double[] values = [.. proportions[c].Where(p => !double.IsNaN(p))];
                if (values.Length >= 2) halfWidths[c].Add(t * StandardError(values));
                double[] differences = [.. proportions[c].Zip(proportions[0], (own, first) => own - first).Where(d => !double.IsNaN(d))];
                if (c == 0 || differences.Length < 2) continue;
                compared[c]++;
                // Without any variation a difference is certain, and none is none.
                if (Math.Abs(differences.Average()) > StudentT.InvCDF(0, 1, differences.Length - 1, 0.975) * StandardError(differences)) told[c]++;
            }
        }
        return
        [
            .. expected.Select((p, c) =>
            {
                double[] sorted = [.. halfWidths[c].Order()];
                return new PlannedPrecision(p, trials.Average(row => row[c]), sorted.Length == 0 ? double.NaN : ParticipantBootstrap.Quantile(sorted, 0.5),
                    sorted.Length == 0 ? double.NaN : ParticipantBootstrap.Quantile(sorted, 0.8), compared[c] == 0 ? null : (double)told[c] / compared[c]);
            })
        ];
    }

    /// <summary>
    /// The smallest number of participants with which the median interval of every condition is at most so wide; null if that takes more than
    /// <paramref name="most"/>. By halving: a half-width falls with 1/√n.
    /// </summary>
    public static int? ParticipantsFor(double halfWidth, IReadOnlyList<int[]> trials, double[] expected, double betweenSd, int most = 2000, int studies = 200, int seed = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(halfWidth);
        if (Widest(most) is not { } narrowest || narrowest > halfWidth) return null;
        // Near the answer from the law, then from there: large numbers are slow to simulate.
        var (low, high) = (2, Math.Clamp((int)Math.Ceiling(1.3 * most * Math.Pow(narrowest / halfWidth, 2)) + 3, 3, most));
        while (high < most && Widest(high) > halfWidth) high = Math.Min(most, 2 * high);
        while (low < high)
        {
            var middle = (low + high) / 2;
            if (Widest(middle) <= halfWidth) high = middle;
            else low = middle + 1;
        }
        return high;

        double? Widest(int participants) => Simulate(trials, expected, participants, betweenSd, participants > 500 ? Math.Min(studies, 40) : studies, seed).Max(p => p.HalfWidth);
    }

    private static double Shifted(double proportion, double shift) => shift == 0 || proportion is <= 0 or >= 1 ? proportion : 1 / (1 + (1 - proportion) / proportion * Math.Exp(-shift));

    private static double Proportion(int trials, double proportion, SequenceRandom random)
    {
        if (trials == 0) return double.NaN;
        var correct = 0;
        for (var n = 0; n < trials; n++)
        {
            if (Uniform(random) < proportion) correct++;
        }
        return (double)correct / trials;
    }

    // Box and Muller; 1 − u keeps the logarithm finite.
    private static double Deviate(SequenceRandom random) => Math.Sqrt(-2 * Math.Log(1 - Uniform(random))) * Math.Cos(2 * Math.PI * Uniform(random));

    private static double Uniform(SequenceRandom random) => (random.Next() >> 11) * (1.0 / (1UL << 53));

    private static double StandardError(double[] values)
    {
        var mean = values.Average();
        return Math.Sqrt(values.Sum(v => (v - mean) * (v - mean)) / (values.Length - 1) / values.Length);
    }
}
