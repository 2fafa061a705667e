using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How a study runs at one moment.</summary>
/// <param name="Sessions">Of people, the latest first, with what rules say of the finished ones.</param>
public sealed record WatchedStudy(
    Study Study, DateTimeOffset Now, IReadOnlyList<SessionLine> Sessions, StudyFunnel Funnel, IReadOnlyList<TroubleLine> Troubles, IReadOnlyList<string> Alarms, IReadOnlyList<ConditionBalance> Balance)
{
    /// <summary>Null where nothing is made on demand.</summary>
    public OnDemandState? OnDemand { get; init; }

    /// <summary>Finished sessions to which the rules have still to be applied: there are many, and their trials are read in the background.</summary>
    public int NotJudged { get; init; }

    public int PlacesTaken => Sessions.Count(s => s.HoldsPlace);
}

/// <summary>
/// Follows studies for one researcher's page. What cannot change is looked at once: a finished session's trials and what the rules make of them, and
/// the strip of a session whose answers have not become more.
/// </summary>
public sealed class StudyWatch(IDbContextFactory<StudyDb> databases, SessionDigests digests, TimeProvider time)
{
    private const int MostTroubles = 200;

    // So many finished sessions are read trial by trial while somebody waits for the page; more are left to the digests' own task.
    private const int MostReadAtOnce = 64;

    private readonly Dictionary<Guid, (ExclusionReason? Reason, double BadTrials)> finished = [];
    private readonly Dictionary<Guid, (SessionState State, DateTimeOffset LastSeenAt, SessionStrip Strip)> strips = [];

    /// <summary>Null where there is no such study.</summary>
    public async Task<WatchedStudy?> LookAsync(Guid studyId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Studies.AsNoTracking().Include(s => s.Versions).FirstOrDefaultAsync(s => s.Id == studyId, cancel) is not { } study) return null;
        var sessions = await StudyMonitor.SessionsAsync(db, studyId, cancel);
        await JudgeAsync(db, study, [.. sessions.Where(s => s.State == SessionState.Completed && !finished.ContainsKey(s.Id))], cancel);
        sessions = [.. sessions.Select(s => s.State == SessionState.Completed ? s with { ExcludedBecause = finished.GetValueOrDefault(s.Id).Reason } : s)];
        var now = time.GetUtcNow();
        var troubles = await TroublesAsync(db, studyId, cancel);
        var completed = sessions.Where(s => s.State == SessionState.Completed).ToList();
        var done = completed.Where(s => finished.ContainsKey(s.Id)).Select(s => finished[s.Id].BadTrials).ToList();
        return new WatchedStudy(study, now, sessions, StudyFunnel.Of(study.Opened, sessions, now), troubles,
            StudyAlarms.Of(study, sessions.Count(s => s.HoldsPlace), done, troubles), await ConditionBalance.LoadAsync(db, studyId, cancel))
        {
            NotJudged = completed.Count - done.Count,
            OnDemand = await OnDemandState.LoadAsync(db, study.Versions.MaxBy(v => v.Number), cancel),
        };
    }

    /// <summary>The strips of the sessions that a page shows.</summary>
    public async Task<Dictionary<Guid, SessionStrip>> StripsAsync(IReadOnlyList<SessionLine> shown, CancellationToken cancel = default)
    {
        // Whatever changes its trials is a sign of life, or changes its state.
        var changed = shown.Where(s => !strips.TryGetValue(s.Id, out var known) || (known.State, known.LastSeenAt) != (s.State, s.LastSeenAt)).ToList();
        if (changed.Count > 0)
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var fresh = await SessionStrip.LoadAsync(db, [.. changed.Select(s => s.Id)], cancel);
            foreach (var line in changed.Where(s => fresh.ContainsKey(s.Id))) strips[line.Id] = (line.State, line.LastSeenAt, fresh[line.Id]);
        }
        return shown.Where(s => strips.ContainsKey(s.Id)).ToDictionary(s => s.Id, s => strips[s.Id].Strip);
    }

    private async Task JudgeAsync(StudyDb db, Study study, List<SessionLine> unknown, CancellationToken cancel)
    {
        if (unknown.Count == 0) return;
        var rules = study.Versions.ToDictionary(v => v.Number, v => v.Design.Exclusion);
        var trials = await digests.OfAsync([.. unknown.Select(s => s.Id)], MostReadAtOnce, cancel);
        var facts = rules.Values.Any(r => r.NeedsFacts) ? await SessionFacts.LoadAsync(db, [.. trials.Keys], cancel) : [];
        foreach (var line in unknown.Where(s => trials.ContainsKey(s.Id)))
        {
            var (own, counted) = (trials[line.Id], trials[line.Id].Where(t => !t.Repeated).ToList());
            finished[line.Id] = (SessionExclusions.Of(rules[line.Version], own, facts.GetValueOrDefault(line.Id)), counted.Count == 0 ? 0 : (double)counted.Count(t => t.Verdict == TimingVerdict.Bad) / counted.Count);
        }
    }

    private static async Task<List<TroubleLine>> TroublesAsync(StudyDb db, Guid studyId, CancellationToken cancel) =>
        [.. (await (
            from happened in db.SessionEvents
            join session in db.Sessions on happened.SessionId equals session.Id
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            where version.StudyId == studyId && session.ObserverType == ObserverType.Human && (happened.Kind == SessionEventKind.AnswerRefused || happened.Kind == SessionEventKind.PictureFailed)
            orderby happened.At descending
            select new { happened.At, session.Number, happened.Kind, happened.Detail }).Take(MostTroubles).ToListAsync(cancel))
            .Select(t => new TroubleLine(t.At, $"P{t.Number}", t.Kind == SessionEventKind.PictureFailed, t.Detail ?? ""))];
}
