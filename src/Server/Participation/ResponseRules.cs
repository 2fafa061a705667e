using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Texts;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>What an answer may be in a study.</summary>
public static class ResponseRules
{
    private const double LongestMs = 24 * 3600 * 1000;

    /// <summary>Why an answer cannot be stored, in one sentence for the participant; null if it can.</summary>
    /// <param name="design">Design of the study.</param>
    /// <param name="choices">What can be answered in the trial; null for whatever can be answered in the study.</param>
    /// <param name="answer">The answer.</param>
    public static Func<ParticipantTexts, string>? WhyNot(StudyDesign design, IReadOnlyList<string>? choices, TrialResponse answer)
    {
        var wanted = design.Response;
        Func<ParticipantTexts, string>? problem = answer.Kind switch
        {
            ResponseKind.Choice when answer.Choice is null => texts => texts.AnswerWithoutChoice,
            ResponseKind.Choice when !(choices ?? design.Vocabulary).Contains(answer.Choice) => texts => string.Format(texts.AnswerNoChoice, Shortened(answer.Choice!)),
            ResponseKind.DontKnow when !wanted.DontKnow => texts => texts.AnswerNoDontKnow,
            ResponseKind.TimedOut when wanted.TimeLimitMs is null => texts => texts.AnswerNoLimit,
            ResponseKind.Interrupted when design.Resume.RepeatInterrupted => texts => texts.AnswerShownAgain,
            not ResponseKind.Choice when answer.Choice is not null => texts => texts.AnswerNamesChoice,
            ResponseKind.Choice or ResponseKind.DontKnow when answer.ReactionTimeMs is null => texts => texts.AnswerWithoutTime,
            _ when answer.ReactionTimeMs is < 0 or > LongestMs || answer.ConfidenceTimeMs is < 0 or > LongestMs => texts => texts.AnswerImpossibleTime,
            _ when answer.Confidence < 1 || answer.Confidence > (wanted.ConfidenceLevels ?? 0) => texts => texts.AnswerImpossibleConfidence,
            _ => null,
        };
        return problem is null ? null : NotStored(problem);
    }

    /// <summary>The whole sentence of a refusal.</summary>
    public static Func<ParticipantTexts, string> NotStored(Func<ParticipantTexts, string> problem) => texts => string.Format(texts.NotStored, problem(texts));

    private static string Shortened(string text) => text.Length <= 40 ? text : text[..40] + "…";
}
