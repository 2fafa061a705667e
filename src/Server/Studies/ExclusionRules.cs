using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Rules by which whole completed sessions enter no proportion. They are part of the design, so that they are set before the start; the answers stay,
/// and every table says who was left out and why. Null: that rule is not used.
/// </summary>
public sealed record ExclusionRules
{
    /// <summary>Least proportion of the catch trials answered right, from 0 to 1.</summary>
    public double? CatchCorrectAtLeast { get; init; }

    /// <summary>Least proportion of the main trials answered in time, from 0 to 1.</summary>
    public double? AnsweredAtLeast { get; init; }

    /// <summary>Least proportion of the main and catch trials whose timing verdict is exact, from 0 to 1.</summary>
    public double? ExactTimingAtLeast { get; init; }

    /// <summary>Least median reaction time of the main trials, in ms: who is faster cannot have looked.</summary>
    public double? MedianReactionTimeMsAtLeast { get; init; }

    [JsonIgnore]
    public bool Any => (CatchCorrectAtLeast ?? AnsweredAtLeast ?? ExactTimingAtLeast ?? MedianReactionTimeMsAtLeast) is not null;

    /// <summary>For a methods section: what a participant is left out for; empty without rules.</summary>
    public IEnumerable<string> InWords()
    {
        if (CatchCorrectAtLeast is { } correct) yield return FormattableString.Invariant($"fewer than {100 * correct:0.##} % of the catch trials right");
        if (AnsweredAtLeast is { } answered) yield return FormattableString.Invariant($"fewer than {100 * answered:0.##} % of the main trials answered in time");
        if (ExactTimingAtLeast is { } exact) yield return FormattableString.Invariant($"fewer than {100 * exact:0.##} % of the trials presented with exact timing");
        if (MedianReactionTimeMsAtLeast is { } fast) yield return FormattableString.Invariant($"a median reaction time below {fast:0} ms");
    }

    internal static void Validate(StudyDesign design, Action<string> stop)
    {
        var rules = design.Exclusion;
        if (new[] { rules.CatchCorrectAtLeast, rules.AnsweredAtLeast, rules.ExactTimingAtLeast }.Any(share => share is < 0 or > 1))
            stop("An exclusion rule asks for a proportion outside 0 to 1: correct it or empty it.");
        if (rules.MedianReactionTimeMsAtLeast is < 0) stop("The least median reaction time is negative: correct it or empty it.");
        if (rules.CatchCorrectAtLeast > 0 && design.CatchTrials == 0) stop("An exclusion rule looks at catch trials, and the design has none: add some, or empty the rule.");
    }
}
