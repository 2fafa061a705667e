using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Tells the job engine that rows wait. What it holds is only so many calls to come and take the next row: which one that is, the database says
/// (<see cref="ClaimAsync"/>), so that priorities and pauses count at once. There may be more calls than rows; rows that nobody runs are called
/// for again when a worker starts.
/// </summary>
public sealed class SynthesisQueue(IDbContextFactory<StudyDb> databases, IBackgroundJobClient engine, JobStorage storage, TimeProvider clock)
{
    /// <summary>Without a sign of life for so long, a run is taken for dead. A living one gives a sign every five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    /// <summary>Calls for workers, one for each row that waits.</summary>
    public void Call(int rows)
    {
        for (var n = 0; n < rows; n++) engine.Enqueue<SynthesisRun>(Queues.Synthesis, run => run.RunNextAsync(CancellationToken.None));
    }

    /// <summary>The next row that no campaign holds back, now this run's: those that participants need first, the nearest first; then the highest priority, then the oldest. Null if there is none.</summary>
    internal async Task<SynthesisJob?> ClaimAsync(Guid runId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        while (true)
        {
            var next = await Waiting(db).Take(1).ToListAsync(cancel);
            if (next is not [var id]) return null;
            var now = clock.GetUtcNow();
            var claimed = await db.SynthesisJobs.Where(j => j.Id == id && j.State == SynthesisState.Queued).ExecuteUpdateAsync(j => j
                .SetProperty(x => x.State, SynthesisState.Running).SetProperty(x => x.RunId, runId)
                .SetProperty(x => x.HeartbeatAt, now).SetProperty(x => x.StartedAt, x => x.StartedAt ?? now), cancel);
            // Otherwise another worker has taken it meanwhile.
            if (claimed == 1) return await db.SynthesisJobs.AsNoTracking().FirstAsync(j => j.Id == id, cancel);
        }
    }

    /// <summary>Calls for workers where rows wait and the engine holds no call any more: one was lost, because a worker could not reach the database.</summary>
    public async Task CallAgainAsync(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (storage.GetMonitoringApi().EnqueuedCount(Queues.Synthesis) == 0) Call(await Waiting(db).CountAsync(cancel));
    }

    private static IQueryable<Guid> Waiting(StudyDb db) =>
        from job in db.SynthesisJobs
        join campaign in db.Campaigns on job.CampaignId equals campaign.Id
        where job.State == SynthesisState.Queued && (campaign.Hold == CampaignHold.None || (campaign.Hold == CampaignHold.Pilot && job.IsPilot))
        orderby job.NeededAt == null, job.NeededAt, campaign.Priority descending, job.Id
        select job.Id;

    /// <summary>
    /// Puts rows whose run has died back into the queue, and calls for workers. <paramref name="everything"/>: this process is the only
    /// worker and has just started, so no run is alive and the engine holds nothing.
    /// </summary>
    public async Task RecoverAsync(bool everything, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var silentSince = clock.GetUtcNow() - Patience;
        var dead = await db.SynthesisJobs.Where(j => j.State == SynthesisState.Running && (everything || j.HeartbeatAt == null || j.HeartbeatAt < silentSince))
            .Select(j => new { j.Id, j.RunId }).ToListAsync(cancel);
        var back = 0;
        foreach (var job in dead)
        {
            // Another worker may see the same; the run's id lets only one of them take the row back.
            var taken = await db.SynthesisJobs.Where(j => j.Id == job.Id && j.State == SynthesisState.Running && j.RunId == job.RunId)
                .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Queued).SetProperty(x => x.RunId, (Guid?)null), cancel);
            back += taken;
        }
        Call(everything ? await db.SynthesisJobs.CountAsync(j => j.State == SynthesisState.Queued, cancel) : back);
    }
}

/// <summary>Queues of the job engine. Model answers have a worker of their own, so that they do not wait for a long synthesis.</summary>
public static class Queues
{
    public const string Synthesis = "synthesis";
    public const string Answers = "answers";
}
