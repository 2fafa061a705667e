using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>What an answer may be in a study.</summary>
public static class ResponseRules
{
    private const double LongestMs = 24 * 3600 * 1000;

    /// <summary>Why an answer cannot be stored, in one sentence; null if it can.</summary>
    public static string? WhyNot(StudyDesign design, TrialResponse answer)
    {
        var wanted = design.Response;
        var problem = answer.Kind switch
        {
            ResponseKind.Choice when answer.Choice is null => "The answer names no choice",
            ResponseKind.Choice when !design.Vocabulary.Contains(answer.Choice) => $"'{Shortened(answer.Choice!)}' is not one of the choices of this study",
            ResponseKind.DontKnow when !wanted.DontKnow => "This study does not take \"I don't know\"",
            ResponseKind.TimedOut when wanted.TimeLimitMs is null => "This study has no time limit",
            ResponseKind.DontKnow or ResponseKind.TimedOut when answer.Choice is not null => "An answer without a choice names one",
            not ResponseKind.TimedOut when answer.ReactionTimeMs is null => "The answer has no reaction time",
            _ when answer.ReactionTimeMs is < 0 or > LongestMs || answer.ConfidenceTimeMs is < 0 or > LongestMs => "The reaction time is not possible",
            _ when answer.Confidence < 1 || answer.Confidence > (wanted.ConfidenceLevels ?? 0) => "The confidence is not on this study's scale",
            _ => null,
        };
        return problem is null ? null : problem + ", so the answer was not stored.";
    }

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
