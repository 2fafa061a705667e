using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Hands rows to the job engine. The engine may hold an id twice or have lost it: a row is run by whoever claims it, and rows that nobody
/// runs are handed over again when a worker starts.
/// </summary>
public sealed class SynthesisQueue(IDbContextFactory<StudyDb> databases, IBackgroundJobClient engine, TimeProvider clock)
{
    /// <summary>Without a sign of life for so long, a run is taken for dead. A living one gives a sign every five seconds.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public void Enqueue(IEnumerable<Guid> jobIds)
    {
        foreach (var id in jobIds) engine.Enqueue<SynthesisRun>(Queues.Synthesis, run => run.RunAsync(id, CancellationToken.None));
    }

    /// <summary>
    /// Puts rows whose run has died back into the queue, and hands them to the engine. <paramref name="everything"/>: this process is the only
    /// worker and has just started, so no run is alive and the engine holds nothing.
    /// </summary>
    public async Task RecoverAsync(bool everything, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var silentSince = clock.GetUtcNow() - Patience;
        var dead = await db.SynthesisJobs.Where(j => j.State == SynthesisState.Running && (everything || j.HeartbeatAt == null || j.HeartbeatAt < silentSince))
            .Select(j => new { j.Id, j.RunId }).ToListAsync(cancel);
        var back = new List<Guid>();
        foreach (var job in dead)
        {
            // Another worker may see the same; the run's id lets only one of them take the row back.
            var taken = await db.SynthesisJobs.Where(j => j.Id == job.Id && j.State == SynthesisState.Running && j.RunId == job.RunId)
                .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Queued).SetProperty(x => x.RunId, (Guid?)null), cancel);
            if (taken == 1) back.Add(job.Id);
        }
        if (everything) back = await db.SynthesisJobs.Where(j => j.State == SynthesisState.Queued).OrderBy(j => j.Id).Select(j => j.Id).ToListAsync(cancel);
        Enqueue(back);
    }
}

/// <summary>Queues of the job engine. Model answers have a worker of their own, so that they do not wait for a long synthesis.</summary>
public static class Queues
{
    public const string Synthesis = "synthesis";
    public const string Answers = "answers";
}
