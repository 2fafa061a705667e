using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis;

/// <summary>
/// Gives back the places and cells of completed sessions that a rule leaves out, in studies that are set so. Each session is judged once, soon after
/// its completion: a place that was given on is never taken back.
/// </summary>
public sealed class ExcludedPlaces(IDbContextFactory<StudyDb> databases, SessionDigests digests, TimeProvider time) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10);

    /// <summary>Judges all completed sessions that are not judged yet; returns how many places became free.</summary>
    public async Task<int> JudgeAsync(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var waiting = await (
            from session in db.Sessions
            join version in db.StudyVersions on session.StudyVersionId equals version.Id
            where session.State == SessionState.Completed && session.ObserverType == ObserverType.Human && session.PlaceGivenBack == null && version.DesignJson.Contains("\"givePlacesBack\":true")
            select new { session.Id, Version = version }).AsNoTracking().ToListAsync(cancel);
        var freed = 0;
        foreach (var of in waiting.GroupBy(w => w.Version.Id))
        {
            var rules = of.First().Version.Design.Exclusion;
            var ids = of.Select(w => w.Id).ToArray();
            var trials = await digests.OfAsync(ids, cancel);
            var facts = await SessionFacts.LoadAsync(db, ids, cancel);
            foreach (var id in ids)
            {
                var back = SessionExclusions.Of(rules, trials[id], facts[id]) is not null;
                freed += await db.Sessions.Where(s => s.Id == id && s.State == SessionState.Completed && s.PlaceGivenBack == null)
                    .ExecuteUpdateAsync(session => session.SetProperty(s => s.PlaceGivenBack, back), cancel) * (back ? 1 : 0);
            }
        }
        return freed;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(Pause, time, JudgeAsync, stoppingToken);
}
