using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Tells the job engine that rows wait. What it holds is only so many calls to come and take the next row: which one that is, the database says
/// (<see cref="ClaimAsync"/>), so that priorities and pauses count at once. There may be more calls than rows; rows that nobody runs are called
/// for again when a worker starts. A claim is a lease: a run that gives no sign of life for <see cref="ThisWorker.Lease"/> has lost its row.
/// </summary>
public sealed class SynthesisQueue(IDbContextFactory<StudyDb> databases, IBackgroundJobClient engine, JobStorage storage, ThisWorker worker, TimeProvider clock)
{
    /// <summary>So many runs of a row may end with their host, none of them getting on, before it is set aside.</summary>
    public const int MostAttempts = 5;

    /// <summary>So many may end with their worker: models are not opened there, so that its death is seldom the row's fault.</summary>
    public const int MostLostWorkers = 20;

    /// <summary>Calls for workers, one for each row that waits.</summary>
    /// <param name="rows">How many.</param>
    /// <param name="needGpu">Whether only workers with a graphics card may take them.</param>
    public void Call(int rows, bool needGpu = false)
    {
        for (var n = 0; n < rows; n++) engine.Enqueue<SynthesisRun>(needGpu ? Queues.Gpu : Queues.Synthesis, run => run.RunNextAsync(CancellationToken.None));
    }

    /// <summary>
    /// The next row that this worker can run and no campaign holds back, now this run's. On-demand rows (<see cref="SynthesisJob.NeededAt"/>) come before all
    /// campaigns, whatever their priority, the one needed first first; then the highest priority, then the oldest. Null if there is none.
    /// </summary>
    public async Task<SynthesisJob?> ClaimAsync(Guid runId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        while (true)
        {
            var now = clock.GetUtcNow();
            var next = await Waiting(db, now, worker.HasGpu).Select(w => w.JobId).Take(1).ToListAsync(cancel);
            if (next is not [var id]) return null;
            var claimed = await db.SynthesisJobs.Where(j => j.Id == id && j.State == SynthesisState.Queued).ExecuteUpdateAsync(j => j
                .SetProperty(x => x.State, SynthesisState.Running).SetProperty(x => x.RunId, runId).SetProperty(x => x.WorkerId, worker.Id).SetProperty(x => x.Attempts, x => x.Attempts + 1)
                .SetProperty(x => x.HeartbeatAt, now).SetProperty(x => x.StartedAt, x => x.StartedAt ?? now), cancel);
            // Otherwise another worker has taken it meanwhile.
            if (claimed == 1) return await db.SynthesisJobs.AsNoTracking().FirstAsync(j => j.Id == id, cancel);
        }
    }

    /// <summary>Gives a run's row back because the worker stops: another one goes on with it at once.</summary>
    public async Task GiveBackAsync(SynthesisJob job, Guid runId)
    {
        if (await PutBackAsync(job.Id, runId, null, null, countsAttempt: false, TimeSpan.Zero)) await CallForAsync(job);
    }

    /// <summary>
    /// Puts the row of a campaign, which may take hours, back where a participant waits for another one: it goes on from its checkpoint. When the run has left that, it calls for the
    /// row (<see cref="CallForAsync"/>).
    /// </summary>
    /// <returns>Whether it went back.</returns>
    public async Task<bool> StepAsideAsync(SynthesisJob job, Guid runId)
    {
        if (job.NeededAt is not null) return false;
        await using var db = await databases.CreateDbContextAsync();
        return await Waiting(db, clock.GetUtcNow(), worker.HasGpu).AnyAsync(w => w.NeededAt != null) && await PutBackAsync(job.Id, runId, null, null, countsAttempt: false, TimeSpan.Zero);
    }

    /// <summary>Calls for a worker that can take a row which has gone back.</summary>
    public async Task CallForAsync(SynthesisJob job)
    {
        await using var db = await databases.CreateDbContextAsync();
        Call(1, await db.Campaigns.Where(c => c.Id == job.CampaignId).Select(c => c.NeedsGpu).FirstOrDefaultAsync());
    }

    /// <summary>Puts a run's row back to be tried again later, for a reason that lies with the machine and passes.</summary>
    public Task PostponeAsync(SynthesisJob job, Guid runId, string reason) => PutBackAsync(job.Id, runId, reason, null, countsAttempt: false, worker.Lease / 2);

    /// <summary>Puts a run's row back because its host or its worker ended; after several times (<paramref name="most"/>) without getting on it is set aside.</summary>
    public async Task RetryAsync(Guid jobId, Guid? runId, int attempts, int most, string reason, string? log)
    {
        if (attempts >= most) await SetAsideAsync(jobId, runId, $"Set aside after {attempts} attempts: {reason}", log);
        else await PutBackAsync(jobId, runId, reason, log, countsAttempt: true, PauseAfter(attempts));
    }

    /// <summary>Ends a run's row as failed.</summary>
    public async Task SetAsideAsync(Guid jobId, Guid? runId, string reason, string? log)
    {
        var now = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        await Of(db, jobId, runId).ExecuteUpdateAsync(j => j
            .SetProperty(x => x.State, SynthesisState.Failed).SetProperty(x => x.Failure, reason).SetProperty(x => x.FailureLog, log).SetProperty(x => x.EndedAt, now).SetProperty(x => x.RunId, (Guid?)null));
    }

    /// <summary>Calls for workers where rows wait and the engine holds no call any more: one was lost, or a row's pause is over.</summary>
    public async Task CallAgainAsync(CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        foreach (var needGpu in (bool[])[false, true])
        {
            if (storage.GetMonitoringApi().EnqueuedCount(needGpu ? Queues.Gpu : Queues.Synthesis) == 0)
                Call(await Waiting(db, now, withGpu: true).CountAsync(w => w.NeedsGpu == needGpu, cancel), needGpu);
        }
    }

    /// <summary>
    /// Puts rows whose run has died back into the queue, and calls for workers. <paramref name="everything"/>: this process is the only
    /// worker and has just started, so no run is alive and the engine holds nothing.
    /// </summary>
    public async Task RecoverAsync(bool everything, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var silentSince = clock.GetUtcNow() - worker.Lease;
        var dead = await db.SynthesisJobs.Where(j => j.State == SynthesisState.Running && (everything || j.HeartbeatAt == null || j.HeartbeatAt < silentSince))
            .Select(j => new { j.Id, j.RunId, j.Attempts }).ToListAsync(cancel);
        // Another worker may see the same; the run's id lets only one of them take the row back.
        foreach (var job in dead) await RetryAsync(job.Id, job.RunId, job.Attempts, MostLostWorkers, "The worker ended during this synthesis.", null);
        if (dead.Count > 0 || everything) await CallAgainAsync(cancel);
    }

    /// <summary>The first time at once; then 10, 30, and from then on 90 seconds.</summary>
    private static TimeSpan PauseAfter(int attempts) => attempts <= 1 ? TimeSpan.Zero : TimeSpan.FromSeconds(Math.Min(90, 10 * Math.Pow(3, attempts - 2)));

    private async Task<bool> PutBackAsync(Guid jobId, Guid? runId, string? reason, string? log, bool countsAttempt, TimeSpan pause)
    {
        DateTimeOffset? notBefore = pause > TimeSpan.Zero ? clock.GetUtcNow() + pause : null;
        var less = countsAttempt ? 0 : 1;
        await using var db = await databases.CreateDbContextAsync();
        return await Of(db, jobId, runId).ExecuteUpdateAsync(j => j
            .SetProperty(x => x.State, SynthesisState.Queued).SetProperty(x => x.Failure, reason).SetProperty(x => x.FailureLog, log).SetProperty(x => x.NotBefore, notBefore)
            .SetProperty(x => x.Attempts, x => x.Attempts > 0 ? x.Attempts - less : 0).SetProperty(x => x.RunId, (Guid?)null)) == 1;
    }

    private static IQueryable<SynthesisJob> Of(StudyDb db, Guid jobId, Guid? runId) => db.SynthesisJobs.Where(j => j.Id == jobId && j.RunId == runId && j.State == SynthesisState.Running);

    /// <summary>The rows that a worker may take now, in the order in which it does.</summary>
    internal static IQueryable<WaitingJob> Waiting(StudyDb db, DateTimeOffset now, bool withGpu) =>
        from job in db.SynthesisJobs
        join campaign in db.Campaigns on job.CampaignId equals campaign.Id
        where job.State == SynthesisState.Queued && (job.NotBefore == null || job.NotBefore <= now) && (withGpu || !campaign.NeedsGpu)
            && (campaign.Hold == CampaignHold.None || (campaign.Hold == CampaignHold.Pilot && job.IsPilot))
        // A worker with a graphics card leaves what any worker can do to the others as long as something waits that only it can do.
        orderby job.NeededAt == null, job.NeededAt, campaign.Priority descending, campaign.NeedsGpu descending, job.Id
        select new WaitingJob { JobId = job.Id, NeededAt = job.NeededAt, NeedsGpu = campaign.NeedsGpu };

    internal sealed class WaitingJob
    {
        public Guid JobId { get; init; }
        public DateTimeOffset? NeededAt { get; init; }
        public bool NeedsGpu { get; init; }
    }
}

/// <summary>Queues of the job engine. Model answers have a worker of their own, so that they do not wait for a long synthesis.</summary>
public static class Queues
{
    public const string Synthesis = "synthesis";

    /// <summary>Syntheses that only a worker with a graphics card takes.</summary>
    public const string Gpu = "synthesis-gpu";

    public const string Answers = "answers";
}
