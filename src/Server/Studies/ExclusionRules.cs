using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>
/// Rules by which whole completed sessions enter no proportion. They are part of the design, so that they are set before the start; the answers stay,
/// and every table says who was left out and why. Null or false: that rule is not used. A rule about what was not asked or not shown leaves nobody out.
/// </summary>
public sealed record ExclusionRules
{
    /// <summary>An answer faster than this is no answer to the picture, ms.</summary>
    public const double HastyBelowMs = 200;

    /// <summary>Least proportion of the catch trials answered right, from 0 to 1.</summary>
    public double? CatchCorrectAtLeast { get; init; }

    /// <summary>Least proportion of the main trials answered in time, from 0 to 1.</summary>
    public double? AnsweredAtLeast { get; init; }

    /// <summary>Least proportion of the main and catch trials whose timing verdict is exact, from 0 to 1. Of a trial that was repeated, the repetition.</summary>
    public double? ExactTimingAtLeast { get; init; }

    /// <summary>Least median reaction time of the main trials, in ms: who is faster cannot have looked.</summary>
    public double? MedianReactionTimeMsAtLeast { get; init; }

    /// <summary>Largest proportion of the answered main trials with a reaction time below <see cref="HastyBelowMs"/>, from 0 to 1.</summary>
    public double? HastyAtMost { get; init; }

    /// <summary>Least proportion of the practice trials answered right, of all attempts together, from 0 to 1.</summary>
    public double? PracticeCorrectAtLeast { get; init; }

    /// <summary>Leaves out who answered most main trials by touch: a screen of another size, held in the hand.</summary>
    public bool NoTouch { get; init; }

    /// <summary>Leaves out further sessions of a recruiter's id that took part before.</summary>
    public bool NoRepeats { get; init; }

    /// <summary>Leaves out who says that they do not see well at the moment.</summary>
    public bool NoImpairedVision { get; init; }

    /// <summary>Leaves out who says that they are younger, years.</summary>
    public int? AgeAtLeast { get; init; }

    /// <summary>Whether a session that a rule leaves out gives its place and its cells of the design to somebody else.</summary>
    public bool GivePlacesBack { get; init; }

    [JsonIgnore]
    public bool Any => (CatchCorrectAtLeast ?? AnsweredAtLeast ?? ExactTimingAtLeast ?? MedianReactionTimeMsAtLeast ?? HastyAtMost) is not null || NoTouch || NeedsFacts;

    /// <summary>Whether a rule asks for more than the main trials tell.</summary>
    [JsonIgnore]
    public bool NeedsFacts => PracticeCorrectAtLeast is not null || AgeAtLeast is not null || NoRepeats || NoImpairedVision;

    /// <summary>For a methods section: what a participant is left out for; empty without rules.</summary>
    public IEnumerable<string> InWords()
    {
        if (CatchCorrectAtLeast is { } correct) yield return FormattableString.Invariant($"fewer than {100 * correct:0.##} % of the catch trials right");
        if (AnsweredAtLeast is { } answered) yield return FormattableString.Invariant($"fewer than {100 * answered:0.##} % of the main trials answered in time");
        if (ExactTimingAtLeast is { } exact) yield return FormattableString.Invariant($"fewer than {100 * exact:0.##} % of the trials presented with exact timing");
        if (MedianReactionTimeMsAtLeast is { } fast) yield return FormattableString.Invariant($"a median reaction time below {fast:0} ms");
        if (HastyAtMost is { } hasty) yield return FormattableString.Invariant($"more than {100 * hasty:0.##} % of the answers faster than {HastyBelowMs:0} ms");
        if (PracticeCorrectAtLeast is { } practice) yield return FormattableString.Invariant($"fewer than {100 * practice:0.##} % of the practice trials right");
        if (NoTouch) yield return "most answers given by touch";
        if (NoRepeats) yield return "an earlier session under the same recruiter's id";
        if (NoImpairedVision) yield return "vision that they called impaired";
        if (AgeAtLeast is { } age) yield return FormattableString.Invariant($"an age below {age} years");
    }

    internal static void Validate(StudyDesign design, Action<string> stop)
    {
        var rules = design.Exclusion;
        if (new[] { rules.CatchCorrectAtLeast, rules.AnsweredAtLeast, rules.ExactTimingAtLeast, rules.HastyAtMost, rules.PracticeCorrectAtLeast }.Any(share => share is < 0 or > 1))
            stop("An exclusion rule asks for a proportion outside 0 to 1: correct it or empty it.");
        if (rules.MedianReactionTimeMsAtLeast is < 0) stop("The least median reaction time is negative: correct it or empty it.");
        if (rules.AgeAtLeast is < 1 or > 120) stop($"The least age is {rules.AgeAtLeast} years: choose from 1 to 120, or empty it.");
        if (rules.CatchCorrectAtLeast > 0 && design.CatchTrials == 0) stop("An exclusion rule looks at catch trials, and the design has none: add some, or empty the rule.");
        if (rules.PracticeCorrectAtLeast > 0 && design.PracticeStimuli.Length == 0) stop("An exclusion rule looks at the practice, and the design has none: add practice trials, or empty the rule.");
        if (rules.NoImpairedVision && !design.Questionnaire.Vision) stop("An exclusion rule looks at what participants say of their vision, and they are not asked: ask for it, or switch the rule off.");
        if (rules.AgeAtLeast is not null && !design.Questionnaire.Age) stop("An exclusion rule looks at the age, and participants are not asked: ask for it, or empty the rule.");
        if (rules.NoRepeats && !design.Recruitment.AllowRepeats) stop("An exclusion rule looks at people who take part again, and the study lets nobody do so: switch the rule off.");
        if (rules.GivePlacesBack && !rules.Any) stop("Places are given back by exclusion rules, and there are none: set a rule, or switch it off.");
    }
}
