using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using static PerceptionStudy.Server.Analysis.ColumnType;

namespace PerceptionStudy.Server.Export;

/// <summary>A session and what its exported trials come to.</summary>
/// <param name="Said">What the participant said about themselves, if anything was asked and answered.</param>
/// <param name="Included">Whether its trials are in the trial table.</param>
/// <param name="HeadphonesCorrect">Rounds of the headphone check that were right; null without one.</param>
internal sealed record ParticipantRow(int Version, Session Session, SessionQuestionnaire? Said, int? HeadphonesCorrect, int Planned, bool Included, TrialTally Tally)
{
    /// <summary>What its closed loop came to; null without one.</summary>
    public AdaptiveResult? Adaptive { get; init; }

    public string Id => ObserverKinds.NameOf(ObserverKinds.Of(Session.ObserverType), Session.Number);
}

/// <summary>Every session of a study, also those whose trials are not exported.</summary>
internal static class ParticipantTable
{
    private const string NoTrials = "without exported trials", NotSaid = "if it was not asked, or not said", NoLoop = "without a closed loop, or while too little was answered",
        NoLossLoop = "without a closed loop over loss levels, while too little was answered, and outside the levels";

    public static readonly TableSchema<ParticipantRow> Table = new("participants", "One row is one session that gave consent, withdrawn and unfinished ones too; a withdrawn session's answers are deleted.",
    [
        new("study_version", Whole, null, "1 or more; -1, -2, … for drafts", "Number of the published version of the design that the session belongs to; negative for a draft that a researcher tried.", null, p => p.Version),
        new("session", Whole, null, "1 or more", "Number of the session within the study version, in the order of consent.", null, p => p.Session.Number),
        new("participant", Word, null, "P1, P2, …; S for synthetic, T for preview", "The observer_id of the session's own rows in trials.csv.", null, p => p.Id),
        new("observer_type", Word, null, "human, synthetic, preview", "Whose session it is; preview: a researcher who tried a draft.", null, p => Words.Of(p.Session.ObserverType)),
        new("state", Word, null, "active, completed, withdrawn, left, failed_gate, failed_headphones, screened_out, expired, excluded",
            "Under way (or gone without a word); completed; withdrawn with the answers deleted; stopped early with the answers kept; practice not passed; headphone check not passed; screened out before the first trial; silent for so long that the place was given back; left out by a researcher (the reason is in audit.csv).", null, p => Words.Of(p.Session.State)),
        new("included", YesNo, null, "true, false", "Whether its trials are in trials.csv of this export.", null, p => p.Included),
        new("excluded_because", Word, null, SessionExclusions.AllWords, "The exclusion rule of the design by which its trials enter no proportion, as in trials.csv.", "unless a rule leaves it out",
            p => p.Tally.ExcludedBecause is { } reason ? SessionExclusions.Word(reason) : null),
        new("session_started_at", Time, "UTC", "ISO 8601", "Moment of consent.", null, p => p.Session.StartedAt),
        new("last_seen_at", Time, "UTC", "ISO 8601", "Last sign of life.", null, p => p.Session.LastSeenAt),
        new("completed_at", Time, "UTC", "ISO 8601", "Moment of the last planned answer.", "unless completed", p => p.Session.CompletedAt),
        new("resumptions", Whole, "times", "0 or more", "How often the session was interrupted and gone on with.", null, p => p.Session.Resumptions),
        new("seed", Whole, null, "any", "Seed of the trial sequence.", null, p => p.Session.Seed),
        new("consent_sha256", Word, null, "64 hexadecimal digits", "Hash of the consent text that was agreed to.", null, p => p.Session.ConsentSha256),
        new("planned_trials", Whole, "trials", "0 or more", "Trials that the session was given, practice and catch trials too.", null, p => p.Planned),
        new("answered_trials", Whole, "trials", "0 or more", "Answers in trials.csv, practice and catch trials too.", null, p => p.Tally.Answered),
        new("counted_trials", Whole, "trials", "0 or more", "Of these, the ones that enter proportions.", null, p => p.Tally.Counted),
        new("proportion_correct", Number, null, "0 to 1", "Of the counted trials, over all conditions.", NoTrials, p => p.Tally.ProportionCorrect),
        new("catch_trials", Whole, "trials", "0 or more", "Catch trials answered.", null, p => p.Tally.Catch),
        new("catch_correct", Whole, "trials", "0 or more", "Catch trials answered right.", null, p => p.Tally.CatchCorrect),
        new("mean_reaction_time_ms", Number, "ms", "0 or more", "Mean over the counted trials.", NoTrials, p => p.Tally.MeanReactionTimeMs),
        new("timing_exact", Whole, "trials", "0 or more", "Answered trials with the verdict exact.", null, p => p.Tally.Verdict(TimingVerdict.Exact)),
        new("timing_off_by_one", Whole, "trials", "0 or more", "Answered trials with the verdict off_by_one.", null, p => p.Tally.Verdict(TimingVerdict.OffByOne)),
        new("timing_bad", Whole, "trials", "0 or more", "Answered trials with the verdict bad.", null, p => p.Tally.Verdict(TimingVerdict.Bad)),
        new("criterion_level", Number, "levels", "any", "The level of the closed loop at which the participant's recognition falls to the criterion; level 1 is the first stage of the loop's model in the design, of a loop over loss levels the lowest loss.", NoLoop, p => p.Adaptive?.Estimate?.Level),
        new("criterion_level_sd", Number, "levels", "0 or more", "Its standard deviation.", NoLoop, p => p.Adaptive?.Estimate?.Sd),
        new("criterion_level_low", Number, "levels", "any", "Lower end of its 95 % interval.", NoLoop, p => p.Adaptive?.Estimate?.Low),
        new("criterion_level_high", Number, "levels", "any", "Upper end of its 95 % interval.", NoLoop, p => p.Adaptive?.Estimate?.High),
        new("criterion_loss", Number, null, "0 to 1", "The loss, as a fraction of that at the start of the synthesis, at criterion_level: on the straight line between the neighbouring loss levels.", NoLossLoop, p => p.Adaptive?.LossAt(p.Adaptive.Estimate?.Level)),
        new("criterion_loss_low", Number, null, "0 to 1", "The same at criterion_level_low.", NoLossLoop, p => p.Adaptive?.LossAt(p.Adaptive.Estimate?.Low)),
        new("criterion_loss_high", Number, null, "0 to 1", "The same at criterion_level_high.", NoLossLoop, p => p.Adaptive?.LossAt(p.Adaptive.Estimate?.High)),
        new("criterion", Number, null, "0 to 1", "The proportion correct that this level belongs to.", "without a closed loop", p => p.Adaptive?.Criterion),
        new("headphones_correct", Whole, "rounds", "0 to 6", "Rounds of the headphone check that were right.", "where there was none", p => p.HeadphonesCorrect),
        new("age_years", Whole, "years", "1 to 120", "Age, as the participant said.", NotSaid, p => p.Said?.AgeYears),
        new("sex", Word, null, "female, male, another", "Sex, as the participant said.", NotSaid, p => p.Said?.Sex is { } sex ? Words.Of(sex) : default(Cell)),
        new("vision", Word, null, "normal, with_glasses, impaired, colour_deficient", "Vision, as the participant said: normal without glasses or lenses, normal with them, impaired, or colour-deficient.", NotSaid,
            p => p.Said?.Vision is { } vision ? Words.Of(vision) : default(Cell)),
        new("comments", FreeText, null, "any text", "What else the participant said.", NotSaid, p => p.Said?.Comments),
        new("user_agent", FreeText, null, "any text", "What the browser called itself.", "if it said nothing", p => p.Session.UserAgent),
    ]);

    public static async Task<List<ParticipantRow>> ReadAsync(StudyDb db, Study study, TrialFilter filter, TrialTallies tallies, CancellationToken cancel)
    {
        var sessions = await (
            from session in db.Sessions.AsNoTracking()
            join version in TrialQuery.Versions(db, filter) on session.StudyVersionId equals version.Id
            where version.StudyId == study.Id && session.ObserverType == filter.Observers && (filter.Version == null || version.Number == filter.Version)
            where filter.Recruiter == null || db.Recruits.Any(r => r.SessionId == session.Id && r.Recruiter == filter.Recruiter)
            join questionnaire in db.SessionQuestionnaires on session.Id equals questionnaire.SessionId into said
            from questionnaire in said.DefaultIfEmpty()
            join check in db.SessionHeadphones on session.Id equals check.SessionId into checks
            from headphones in checks.DefaultIfEmpty()
            orderby version.Number, session.Number
            select new { version.Number, Session = session, Said = questionnaire, HeadphonesCorrect = (int?)headphones.Correct, Planned = session.Trials.Count }).ToListAsync(cancel);
        var adaptive = await AdaptiveResults.LoadAsync(db, study.Versions, filter.Observers, cancel);
        return [.. sessions.Select(s => new ParticipantRow(s.Number, s.Session, s.Said, s.HeadphonesCorrect, s.Planned,
            s.Session.State == SessionState.Completed || (TrialQuery.Unfinished.Contains(s.Session.State) && filter.IncludeIncomplete), tallies.Of(s.Number, s.Session.Number)) { Adaptive = adaptive.GetValueOrDefault(s.Session.Id) })];
    }
}
