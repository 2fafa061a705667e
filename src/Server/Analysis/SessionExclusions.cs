using MathNet.Numerics.Statistics;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Which rule of the design leaves a session out.</summary>
public enum ExclusionReason { CatchTrials, Unanswered, Timing, TooFast }

/// <summary>Applies a design's exclusion rules to a session's answered trials.</summary>
public static class SessionExclusions
{
    /// <summary>
    /// The first rule, in the order of <see cref="ExclusionReason"/>, that the session breaks; null for none. A rule about trials that there are none of is
    /// not broken; interrupted trials tell nothing.
    /// </summary>
    public static ExclusionReason? Of(ExclusionRules rules, IReadOnlyCollection<TrialDigest> answered)
    {
        if (!rules.Any) return null;
        var trials = answered.Where(t => !t.Interrupted).ToList();
        var main = trials.Where(t => !t.IsCatch).ToList();
        if (Share(trials.Where(t => t.IsCatch), t => t.Correct) < rules.CatchCorrectAtLeast) return ExclusionReason.CatchTrials;
        if (Share(main, t => t.Response >= 0) < rules.AnsweredAtLeast) return ExclusionReason.Unanswered;
        if (Share(trials, t => t.Verdict == TimingVerdict.Exact) < rules.ExactTimingAtLeast) return ExclusionReason.Timing;
        return SortedArrayStatistics.Median([.. main.Select(t => t.ReactionTimeMs).Where(t => !double.IsNaN(t)).Order()]) < rules.MedianReactionTimeMsAtLeast ? ExclusionReason.TooFast : null;
    }

    /// <summary>As tables write it.</summary>
    public static string Word(ExclusionReason reason) => reason switch
    {
        ExclusionReason.CatchTrials => "catch_trials",
        ExclusionReason.Unanswered => "unanswered",
        ExclusionReason.Timing => "timing",
        ExclusionReason.TooFast => "too_fast",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>Null for an empty field.</summary>
    /// <exception cref="FormatException">No such word.</exception>
    public static ExclusionReason? Parse(string? word) => word is null ? null
        : Enum.GetValues<ExclusionReason>().Cast<ExclusionReason?>().FirstOrDefault(r => Word(r!.Value) == word) ?? throw new FormatException($"'{word}' is no reason of exclusion.");

    private static double? Share(IEnumerable<TrialDigest> trials, Func<TrialDigest, bool> holds)
    {
        var all = trials.ToList();
        return all.Count == 0 ? null : (double)all.Count(holds) / all.Count;
    }
}
