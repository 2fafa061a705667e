using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How a study runs at one moment.</summary>
/// <param name="Sessions">A page of those of people, the latest first, with what rules say of the finished ones.</param>
public sealed record WatchedStudy(
    Study Study, DateTimeOffset Now, IReadOnlyList<SessionLine> Sessions, StudyFunnel Funnel, IReadOnlyList<TroubleLine> Troubles, IReadOnlyList<string> Alarms, IReadOnlyList<ConditionBalance> Balance)
{
    /// <summary>Null where nothing is made on demand.</summary>
    public OnDemandState? OnDemand { get; init; }
}

/// <summary>
/// Follows studies for one researcher's page. What cannot change is looked at once: the strip of a session whose answers have not become more; and of finished sessions the database
/// keeps what the rules make of their trials.
/// </summary>
public sealed class StudyWatch(IDbContextFactory<StudyDb> databases, SessionDigests digests, TimeProvider time)
{
    private const int MostTroubles = 200;

    /// <summary>Sessions on a page.</summary>
    public const int PageRows = 50;

    private readonly Dictionary<Guid, (SessionState State, DateTimeOffset LastSeenAt, SessionStrip Strip)> strips = [];

    /// <summary>Null where there is no such study.</summary>
    /// <param name="page">From 1: which sessions are read. Of finished ones among them that the rules were not applied to yet, the trials are read now; of all others in the background.</param>
    public async Task<WatchedStudy?> LookAsync(Guid studyId, int page = 1, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Studies.AsNoTracking().Include(s => s.Versions).FirstOrDefaultAsync(s => s.Id == studyId, cancel) is not { } study) return null;
        var sessions = await StudyMonitor.SessionsAsync(db, studyId, (page - 1) * PageRows, PageRows, cancel);
        if (sessions.Where(s => s is { State: SessionState.Completed, Judged: false }).Select(s => s.Id).ToArray() is { Length: > 0 } unknown)
        {
            await digests.OfAsync(unknown, cancel);
            sessions = await StudyMonitor.SessionsAsync(db, studyId, (page - 1) * PageRows, PageRows, cancel);
        }
        var now = time.GetUtcNow();
        var troubles = await TroublesAsync(db, studyId, cancel);
        var funnel = await StudyFunnel.LoadAsync(db, study, now, cancel);
        return new WatchedStudy(study, now, sessions, funnel, troubles, StudyAlarms.Of(study, funnel.PlacesTaken, funnel.Judged, funnel.BadTiming, troubles), await ConditionBalance.LoadAsync(db, studyId, cancel))
        {
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
