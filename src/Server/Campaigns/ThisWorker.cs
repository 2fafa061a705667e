using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>This process as a worker: what it can do, and its row among the living.</summary>
public sealed class ThisWorker(IDbContextFactory<StudyDb> databases, SynthesisHosts hosts, IConfiguration configuration, TimeProvider clock)
{
    public Guid Id { get; } = Guid.CreateVersion7();

    /// <summary>
    /// Without a sign of life for so long, a worker and its runs are taken for dead: setting <c>Worker:LeaseSeconds</c>, by default 60, the same for all workers. A
    /// living one gives a sign several times in it.
    /// </summary>
    public TimeSpan Lease { get; } = TimeSpan.FromSeconds(Math.Max(2, configuration.GetValue("Worker:LeaseSeconds", 60.0)));

    /// <summary>Between two signs of life.</summary>
    public TimeSpan Beat => Lease / 6 is var beat && beat < TimeSpan.FromSeconds(5) ? beat : TimeSpan.FromSeconds(5);

    /// <summary>Between two checkpoints of a run in the blob store: setting <c>Worker:CheckpointSeconds</c>, by default 15. A worker that dies costs so much work of each of its runs.</summary>
    public TimeSpan BetweenCheckpoints { get; } = TimeSpan.FromSeconds(Math.Max(0.2, configuration.GetValue("Worker:CheckpointSeconds", 15.0)));

    /// <summary>The provider of its jobs; until it has begun, what the setting wishes.</summary>
    public string Provider { get; private set; } = hosts.Provider == "auto" ? "cpu" : hosts.Provider;

    public bool HasGpu => Provider != "cpu";

    /// <summary>Finds out what works here, and enters it among the living.</summary>
    /// <param name="alone">Whether there can be no other.</param>
    /// <param name="cancel">Cancels.</param>
    public async Task BeginAsync(bool alone, CancellationToken cancel)
    {
        Provider = await hosts.ChooseProviderAsync(cancel);
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (alone) await db.Workers.ExecuteDeleteAsync(cancel);
        else if (await db.Workers.AnyAsync(w => w.Id == Id, cancel)) return;
        var now = clock.GetUtcNow();
        db.Workers.Add(new Worker
        {
            Id = Id, Name = $"{Environment.MachineName}, process {Environment.ProcessId}", Provider = Provider, Cage = (hosts.CageWish ?? Cage.Closest).ToString(), Concurrency = hosts.Concurrency,
            StartedAt = now, HeartbeatAt = now,
        });
        await db.SaveChangesAsync(cancel);
    }

    /// <summary>A sign of life; the rows of workers that died go.</summary>
    public async Task BeatAsync(CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        var silentSince = now - Lease;
        await db.Workers.Where(w => w.Id != Id && w.HeartbeatAt < silentSince).ExecuteDeleteAsync(cancel);
        // Another one may have taken it for dead while this machine slept.
        if (await db.Workers.Where(w => w.Id == Id).ExecuteUpdateAsync(w => w.SetProperty(x => x.HeartbeatAt, now), cancel) == 0) await BeginAsync(alone: false, cancel);
    }

    /// <summary>Says that it takes nothing more.</summary>
    public async Task StopAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Workers.Where(w => w.Id == Id).ExecuteUpdateAsync(w => w.SetProperty(x => x.Stopping, true));
    }

    /// <summary>Takes its row away.</summary>
    public async Task EndAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        await db.Workers.Where(w => w.Id == Id).ExecuteDeleteAsync();
    }
}
