using MathNet.Numerics.Statistics;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Which rule of the design leaves a session out.</summary>
public enum ExclusionReason { CatchTrials, Unanswered, Timing, TooFast, Hasty, Practice, Device, Duplicate, SelfReport }

/// <summary>Applies a design's exclusion rules to a session's answered trials.</summary>
public static class SessionExclusions
{
    /// <summary>All words of reasons, as the codebook lists them.</summary>
    public static string AllWords { get; } = string.Join(", ", Enum.GetValues<ExclusionReason>().Select(Word));

    /// <summary>
    /// The first rule, in the order of <see cref="ExclusionReason"/>, that the session breaks; null for none. A rule about trials that there are none of,
    /// or about what was not said, is not broken. A trial that was repeated for its bad timing counts by its repetition alone; interrupted trials tell nothing.
    /// </summary>
    public static ExclusionReason? Of(ExclusionRules rules, IReadOnlyCollection<TrialDigest> trials, SessionFacts? facts = null)
    {
        if (!rules.Any) return null;
        var valid = trials.Where(t => !t.Repeated && !t.Interrupted).ToList();
        var main = valid.Where(t => !t.IsCatch).ToList();
        double[] times = [.. main.Select(t => t.ReactionTimeMs).Where(t => !double.IsNaN(t)).Order()];
        if (Share(valid.Where(t => t.IsCatch), t => t.Correct) < rules.CatchCorrectAtLeast) return ExclusionReason.CatchTrials;
        if (Share(main, t => t.Response >= 0) < rules.AnsweredAtLeast) return ExclusionReason.Unanswered;
        if (Share(valid, t => t.Verdict == TimingVerdict.Exact) < rules.ExactTimingAtLeast) return ExclusionReason.Timing;
        if (SortedArrayStatistics.Median(times) < rules.MedianReactionTimeMsAtLeast) return ExclusionReason.TooFast;
        if (Share(times, t => t < ExclusionRules.HastyBelowMs) > rules.HastyAtMost) return ExclusionReason.Hasty;
        if (facts?.PracticeCorrect < rules.PracticeCorrectAtLeast) return ExclusionReason.Practice;
        if (rules.NoTouch && Share(main.Where(t => !double.IsNaN(t.ReactionTimeMs)), t => t.Touch) > 0.5) return ExclusionReason.Device;
        if (rules.NoRepeats && facts is { IsRepeat: true }) return ExclusionReason.Duplicate;
        return facts?.AgeYears < rules.AgeAtLeast || rules.NoImpairedVision && facts?.Vision == VisionAnswer.Impaired ? ExclusionReason.SelfReport : null;
    }

    /// <summary>As tables write it.</summary>
    public static string Word(ExclusionReason reason) => reason switch
    {
        ExclusionReason.CatchTrials => "catch_trials",
        ExclusionReason.Unanswered => "unanswered",
        ExclusionReason.Timing => "timing",
        ExclusionReason.TooFast => "too_fast",
        ExclusionReason.Hasty => "hasty",
        ExclusionReason.Practice => "practice_score",
        ExclusionReason.Device => "device",
        ExclusionReason.Duplicate => "duplicate",
        ExclusionReason.SelfReport => "self_report",
        _ => throw new ArgumentOutOfRangeException(nameof(reason)),
    };

    /// <summary>Null for an empty field.</summary>
    /// <exception cref="FormatException">No such word.</exception>
    public static ExclusionReason? Parse(string? word) => word is null ? null
        : Enum.GetValues<ExclusionReason>().Cast<ExclusionReason?>().FirstOrDefault(r => Word(r!.Value) == word) ?? throw new FormatException($"'{word}' is no reason of exclusion.");

    private static double? Share<T>(IEnumerable<T> trials, Func<T, bool> holds)
    {
        var all = trials.ToList();
        return all.Count == 0 ? null : (double)all.Count(holds) / all.Count;
    }
}
