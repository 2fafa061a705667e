using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Digests;

/// <summary>A session as results need it: its answered main and catch trials, in order.</summary>
/// <param name="ExcludedBecause">The rule of the design that leaves it out; null for none, or where rules are not asked for.</param>
internal sealed record DigestedSession(Guid Id, int Version, int Number, TrialDigest[] Trials, ExclusionReason? ExcludedBecause = null);

/// <summary>
/// Reads sessions as digests. Those of completed sessions are stored, because their answers change no more: so the results of a million trials are
/// a few thousand rows to read. A background task makes them soon after each completion; what is missing when somebody asks is made then.
/// </summary>
public sealed class SessionDigests(IDbContextFactory<StudyDb> databases, TimeProvider time) : BackgroundService
{
    // Enough trials that the way to the database does not count, few enough to hold.
    private const int SessionsAtOnce = 64;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(15);

    // PostgreSQL holds the session until its digest is there; SQLite has one writer at a time.
    private const string
        Insert = """INSERT INTO "SessionDigests" ("SessionId", "Format", "Trials", "ExcludedBecause", "BadTrials") SELECT "Id", {0}, {1}, CAST({2} AS text), {3} FROM "Sessions" WHERE "Id" = {4} """,
        SqliteInsert = Insert + "ON CONFLICT DO NOTHING",
        PostgresInsert = Insert + "FOR KEY SHARE ON CONFLICT DO NOTHING";

    internal async Task<List<DigestedSession>> ReadAsync(Guid studyId, TrialFilter filter, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var sessions = await (
            from session in TrialQuery.Sessions(db, studyId, filter)
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            select new { session.Id, Version = version.Number, session.Number, Completed = session.State == SessionState.Completed }).ToListAsync(cancel);
        // By themselves and in any order: a database that sorts sessions with their digests carries all of them through its sorting.
        var digests = new Dictionary<Guid, TrialDigest[]>(sessions.Count);
        await foreach (var stored in (
            from digest in db.SessionDigests
            join session in TrialQuery.Sessions(db, studyId, filter) on digest.SessionId equals session.Id
            where digest.Format == TrialDigest.Format
            select new { digest.SessionId, digest.Trials }).AsAsyncEnumerable().WithCancellation(cancel))
        {
            digests[stored.SessionId] = TrialDigest.Unpack(stored.Trials);
        }

        foreach (var some in sessions.Where(s => !digests.ContainsKey(s.Id)).Chunk(SessionsAtOnce))
        {
            var fresh = await MakeAsync(db, [.. some.Select(s => s.Id)], cancel);
            foreach (var (session, trials) in fresh) digests[session] = trials;
            await StoreAsync(fresh.Where(f => some.First(s => s.Id == f.Key).Completed), cancel);
        }
        // What was deleted between the two readings is gone.
        return [.. sessions.Where(s => digests.ContainsKey(s.Id)).Select(s => new DigestedSession(s.Id, s.Version, s.Number, digests[s.Id]))];
    }

    /// <summary>The digests of completed sessions, made and stored where they are missing.</summary>
    internal async Task<Dictionary<Guid, TrialDigest[]>> OfAsync(Guid[] completed, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var known = await db.SessionDigests.AsNoTracking().Where(d => completed.Contains(d.SessionId) && d.Format == TrialDigest.Format).ToDictionaryAsync(d => d.SessionId, d => TrialDigest.Unpack(d.Trials), cancel);
        foreach (var some in completed.Where(id => !known.ContainsKey(id)).Chunk(SessionsAtOnce))
        {
            var fresh = await MakeAsync(db, some, cancel);
            foreach (var (session, trials) in fresh) known[session] = trials;
            await StoreAsync(fresh, cancel);
        }
        return known;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(Pause, time, StoreMissingAsync, stoppingToken);

    /// <summary>Makes and stores the digests of all completed sessions that have none.</summary>
    public async Task StoreMissingAsync(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        foreach (var some in (await MissingAsync(db, cancel)).Chunk(SessionsAtOnce)) await StoreAsync(await MakeAsync(db, some, cancel), cancel);
    }

    private static Task<Guid[]> MissingAsync(StudyDb db, CancellationToken cancel) => db.Sessions
        .Where(s => s.State == SessionState.Completed && s.ObserverType != ObserverType.Preview && !db.SessionDigests.Any(d => d.SessionId == s.Id && d.Format == TrialDigest.Format))
        .OrderBy(s => s.Id).Select(s => s.Id).ToArrayAsync(cancel);

    private static async Task<Dictionary<Guid, TrialDigest[]>> MakeAsync(StudyDb db, Guid[] sessions, CancellationToken cancel)
    {
        var versions = await (
            from session in db.Sessions
            join version in db.StudyVersions.IgnoreQueryFilters() on session.StudyVersionId equals version.Id
            where sessions.Contains(session.Id)
            select new { Session = session.Id, version.Id }).ToDictionaryAsync(s => s.Session, s => s.Id, cancel);
        var ids = versions.Values.Distinct().ToArray();
        var places = new Dictionary<Guid, DesignPlaces>();
        foreach (var version in await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().Where(v => ids.Contains(v.Id)).ToListAsync(cancel))
            places[version.Id] = new DesignPlaces(version.Design, await OnDemandPlaces.LoadAsync(db, version.Id, version.Design, cancel));
        var trials = (await TrialQuery.Trials(db, sessions).ToListAsync(cancel)).Where(t => t.Phase == TrialPhase.Main).ToLookup(t => t.SessionId);
        return versions.Keys.ToDictionary(id => id, id => trials[id].OrderBy(t => t.Position).Select(places[versions[id]].Digest).ToArray());
    }

    private static SessionDigest RowOf(Guid session, TrialDigest[] trials, ExclusionReason? excluded)
    {
        var counted = trials.Where(t => !t.Repeated).ToList();
        return new SessionDigest
        {
            SessionId = session, Format = TrialDigest.Format, Trials = TrialDigest.Pack(trials), ExcludedBecause = excluded?.ToString(),
            BadTrials = counted.Count == 0 ? 0 : (double)counted.Count(t => t.Verdict == TimingVerdict.Bad) / counted.Count,
        };
    }

    /// <summary>Stores what is not there: somebody else may just have stored the same, or deleted the session.</summary>
    private async Task StoreAsync(IEnumerable<KeyValuePair<Guid, TrialDigest[]>> made, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var trials = made.ToDictionary();
        Guid[] sessions = [.. trials.Keys];
        // Who was deleted meanwhile has no version.
        var versions = await db.Sessions.Where(s => sessions.Contains(s.Id)).Select(s => new { s.Id, s.StudyVersionId }).ToDictionaryAsync(s => s.Id, s => s.StudyVersionId, cancel);
        var ids = versions.Values.Distinct().ToArray();
        var rules = (await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().Where(v => ids.Contains(v.Id)).ToListAsync(cancel)).ToDictionary(v => v.Id, v => v.Design.Exclusion);
        var facts = rules.Values.Any(r => r.NeedsFacts) ? await SessionFacts.LoadAsync(db, sessions, cancel) : [];
        await using (var transaction = await db.Database.BeginTransactionAsync(cancel))
        {
            await db.SessionDigests.Where(d => sessions.Contains(d.SessionId) && d.Format != TrialDigest.Format).ExecuteDeleteAsync(cancel);
            // In one order: two who store the same then wait for each other only one way.
            foreach (var id in sessions.Where(versions.ContainsKey).Order())
            {
                var row = RowOf(id, trials[id], SessionExclusions.Of(rules[versions[id]], trials[id], facts.GetValueOrDefault(id)));
                await db.Database.ExecuteSqlRawAsync(db is PostgresStudyDb ? PostgresInsert : SqliteInsert, [row.Format, row.Trials, row.ExcludedBecause!, row.BadTrials, id], cancel);
            }
            await transaction.CommitAsync(cancel);
        }
        // Whoever withdrew meanwhile leaves nothing behind.
        await db.SessionDigests.Where(d => sessions.Contains(d.SessionId) && db.Sessions.Any(s => s.Id == d.SessionId && s.State == SessionState.Withdrawn)).ExecuteDeleteAsync(cancel);
    }
}
