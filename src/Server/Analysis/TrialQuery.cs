using System.Runtime.CompilerServices;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis;

/// <summary>Reads the database into trial records: each session's answered trials, followed by each recognising model's answers to its main trials.</summary>
public sealed class TrialQuery(IDbContextFactory<StudyDb> databases)
{
    // Enough trials that the way to the database does not count, few enough to hold: the database is spared the sorting of long rows.
    private const int SessionsAtOnce = 4;

    /// <summary>States of sessions whose answers are kept, but not all there.</summary>
    internal static readonly SessionState[] Unfinished = [SessionState.Active, SessionState.Left, SessionState.FailedGate, SessionState.Expired];

    /// <summary>Everything as of the moment of the first record, however long the reading takes.</summary>
    public async IAsyncEnumerable<TrialRecord> ReadAsync(Guid studyId, TrialFilter filter, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var snapshot = await db.BeginSnapshotAsync(cancel);
        await foreach (var record in ReadAsync(db, studyId, filter, cancel)) yield return record;
    }

    /// <summary>The same from a context whose transaction the caller holds.</summary>
    public static async IAsyncEnumerable<TrialRecord> ReadAsync(StudyDb db, Guid studyId, TrialFilter filter, [EnumeratorCancellation] CancellationToken cancel = default)
    {
        var context = await StudyContext.LoadAsync(db, studyId, filter, cancel);
        foreach (var sessions in (await Sessions(db, studyId, filter).ToListAsync(cancel)).Chunk(SessionsAtOnce))
        {
            var trials = (await Trials(db, [.. sessions.Select(s => s.Id)]).ToListAsync(cancel)).ToLookup(t => t.SessionId);
            var facts = filter.IgnoreExclusions || !context.Designs.Values.Any(d => d.Exclusion.NeedsFacts) ? [] : await SessionFacts.LoadAsync(db, [.. sessions.Select(s => s.Id)], cancel);
            foreach (var session in sessions)
            {
                var answered = trials[session.Id].OrderBy(t => t.Position).ToList();
                var excluded = answered.Count > 0 && !filter.IgnoreExclusions ? context.Excluded(answered, facts.GetValueOrDefault(session.Id)) : null;
                if (filter.WorstTiming is { } worst) answered.RemoveAll(t => TimingVerdicts.Of(t.Timing) > worst);
                foreach (var row in answered) yield return Marked(context.Participant(row, filter.Observers));
                foreach (var record in Models(answered)) yield return Marked(record);

                TrialRecord Marked(TrialRecord record) => excluded is null ? record : record with { ExcludedBecause = excluded };
            }
        }

        IEnumerable<TrialRecord> Models(List<AnsweredTrial> session) => session.Count == 0
            ? []
            : from model in context.RecognisingModels(session[0].Version)
              from row in session
              let record = context.Model(model, row, filter.Observers)
              where record is not null
              select record;
    }

    /// <summary>The versions that a filter speaks of: the published ones, or the drafts that were tried or simulated.</summary>
    internal static IQueryable<StudyVersion> Versions(StudyDb db, TrialFilter filter) =>
        OfDrafts(filter) ? db.StudyVersions.IgnoreQueryFilters().Where(v => v.Number < 0) : db.StudyVersions;

    /// <summary>Studies with these versions. Of a simulated draft only that one: earlier states of it may have had other stages.</summary>
    internal static IQueryable<Study> WithVersions(StudyDb db, TrialFilter filter)
    {
        if (!OfDrafts(filter)) return db.Studies.Include(s => s.Versions);
        var all = filter.Observers == ObserverType.Preview;
        return db.Studies.IgnoreQueryFilters().Include(s => s.Versions.Where(v => v.Number < 0 && (all || v.Number == filter.Version)));
    }

    /// <summary>Whoever misspells a recruiter gets no empty file.</summary>
    /// <exception cref="RefusedException">Nobody came to the study by the filter's recruiter.</exception>
    internal static async Task DemandRecruiterAsync(StudyDb db, Guid studyId, TrialFilter filter, CancellationToken cancel)
    {
        if (filter.Recruiter is not { } recruiter) return;
        var known = await db.Recruits.Where(r => r.StudyId == studyId).Select(r => r.Recruiter).Distinct().OrderBy(name => name).ToListAsync(cancel);
        if (!known.Contains(recruiter))
            throw new RefusedException($"Nobody came to this study by '{recruiter}': {(known.Count == 0 ? "no recruiter sent anybody" : $"its recruiters are {string.Join(", ", known)}")}.", Refusal.Missing);
    }

    private static bool OfDrafts(TrialFilter filter) => filter.Observers == ObserverType.Preview || filter.Version < 0;

    /// <summary>The sessions that a filter lets through, by version and number.</summary>
    internal static IQueryable<Session> Sessions(StudyDb db, Guid studyId, TrialFilter filter) =>
        from session in db.Sessions.AsNoTracking()
        join version in Versions(db, filter) on session.StudyVersionId equals version.Id
        where version.StudyId == studyId && session.ObserverType == filter.Observers
        where session.State == SessionState.Completed || (filter.IncludeIncomplete && Unfinished.Contains(session.State))
        where filter.Version == null || version.Number == filter.Version
        where filter.Recruiter == null || db.Recruits.Any(r => r.SessionId == session.Id && r.Recruiter == filter.Recruiter)
        orderby version.Number, session.Number
        select session;

    internal static IQueryable<AnsweredTrial> Trials(StudyDb db, Guid[] sessions) =>
        from session in db.Sessions
        join version in db.StudyVersions.IgnoreQueryFilters() on session.StudyVersionId equals version.Id
        from trial in session.Trials
        where sessions.Contains(session.Id) && trial.Response != null
        select new AnsweredTrial(
            session.Id, version.Number, session.Number, session.State == SessionState.Completed, session.StartedAt,
            trial.Position, trial.Phase, trial.IsCatch, trial.StimulusId, trial.NaturalStimulusId, trial.ModelId, trial.StageId, trial.LossLevel, trial.Swapped,
            trial.OnDemand, trial.Fallback, trial.WaitedMs,
            trial.RepeatOf != null, db.Trials.Any(again => again.RepeatOf == trial.Id && again.Response != null), trial.CorrectCategory, trial.Choices,
            trial.Response!.Kind, trial.Response.Choice, trial.Response.Correct, trial.Response.ReactionTimeMs, trial.Response.Confidence, trial.Response.ConfidenceTimeMs,
            trial.Response.TimingJson, trial.Response.ReceivedAt);
}

/// <summary>A trial with its answer and what a record needs of its session.</summary>
internal sealed record AnsweredTrial(
    Guid SessionId, int Version, int Session, bool Completed, DateTimeOffset StartedAt,
    int Position, TrialPhase Phase, bool IsCatch, Guid? StimulusId, Guid? NaturalStimulusId, Guid? ModelId, Guid? StageId, double LossLevel, bool Swapped,
    bool OnDemand, OnDemandFallback? Fallback, double? WaitedMs,
    bool IsRepeat, bool Repeated, string CorrectCategory, string[]? Choices,
    ResponseKind Kind, string? Choice, bool Correct, double? ReactionTimeMs, int? Confidence, double? ConfidenceTimeMs, string TimingJson, DateTimeOffset ReceivedAt)
{
    /// <summary>What the presenter measured, read anew each time.</summary>
    public TrialTiming Timing => JsonSerializer.Deserialize(TimingJson, WireJson.Default.TrialTiming)!;

    public StudyCondition Condition => new(ModelId, StageId, LossLevel);
}
