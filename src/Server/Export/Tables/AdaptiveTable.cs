using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Participation;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>A step of a closed loop, with the names of the levels.</summary>
internal sealed record AdaptiveRow(AdaptiveStep Step, AdaptiveResult Result, string Participant, string Method)
{
    public string? NameOf(int? level) => level is { } n ? Result.Levels[n - 1] : null;
}

/// <summary>Every decision of the closed loops: what was chosen, on how many answers, what was shown, and what was answered.</summary>
internal static class AdaptiveTable
{
    public static readonly TableSchema<AdaptiveRow> Table = new("adaptive",
        "One row is one decision of a closed loop about the level of a trial; the seed is that of the session in participants.csv, the settings are in design.json. Empty without a loop.",
    [
        new("study_version", Whole, null, "1 or more", "See participants.csv.", null, a => a.Step.Version),
        new("session", Whole, null, "1 or more", "See participants.csv.", null, a => a.Step.Session),
        new("participant", Word, null, "P1, P2, …", "See participants.csv.", null, a => a.Participant),
        new("position", Whole, null, "0 or more", "The trial, as in trials.csv.", null, a => a.Step.Position),
        new("decision", Whole, null, "1 or more", "Number of the decision within the session.", null, a => a.Step.Decision.Number),
        new("method", Word, null, "staircase, quest_plus", "Who chose.", null, a => a.Method),
        new("answers_used", Whole, "answers", "0 or more", "Answers of the loop that had arrived.", null, a => a.Step.Decision.AnswersUsed),
        new("wanted_level", Whole, null, "1 or more", "The level that was chosen; 1 is the first stage of the loop's model in the design; of a loop over loss levels the lowest loss.", null, a => a.Step.Decision.WantedLevel),
        new("wanted_stage", FreeText, null, "any text", "Its stage, and loss level where there is one, as in trials.csv.", null, a => a.NameOf(a.Step.Decision.WantedLevel)),
        new("shown_level", Whole, null, "1 or more", "The level that was shown: the nearest to the wanted one that was ready. Answers to it are what the loop learns from.", "where the natural stimulus was shown as a fallback", a => a.Step.Decision.ShownLevel),
        new("shown_stage", FreeText, null, "any text", "Its stage, and loss level where there is one.", "where the natural stimulus was shown as a fallback", a => a.NameOf(a.Step.Decision.ShownLevel)),
        new("estimated_level", Number, "levels", "any", "The level at which recognition falls to the criterion, as estimated before the trial.", "while the answers said too little", a => a.Step.Decision.EstimatedLevel),
        new("estimated_sd", Number, "levels", "0 or more", "Its standard deviation.", "while the answers said too little", a => a.Step.Decision.EstimatedSd),
        new("correct", YesNo, null, "true, false", "Whether the trial was answered right.", "while it is not answered", a => a.Step.Correct),
    ]);

    public static IEnumerable<AdaptiveRow> Of(IEnumerable<ParticipantRow> participants, IReadOnlyDictionary<int, Studies.StudyDesign> designs) =>
        from p in participants
        where p is { Included: true, Adaptive: not null }
        from step in p.Adaptive!.Steps
        select new AdaptiveRow(step, p.Adaptive!, p.Id, Words.Of(designs[p.Version].Adaptive.Method));
}
