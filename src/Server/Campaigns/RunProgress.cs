using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Takes the host's progress and writes it into the row about once a second, which is also the run's sign of life.
/// When the row is no longer this run's (cancelled, or taken back), it says so by <see cref="Lost"/>.
/// </summary>
internal sealed class RunProgress : IProgress<SynthesisProgress>, IAsyncDisposable
{
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(1);

    private readonly TimeSpan signOfLife;
    private readonly SynthesisQueue queue;
    private readonly IDbContextFactory<StudyDb> databases;
    private readonly TimeProvider clock;
    private readonly SynthesisJob job;
    private readonly Guid runId;
    private readonly Lock gate = new();
    private readonly LossCurve curve;
    private readonly CancellationTokenSource lost = new();
    private readonly CancellationTokenSource ended = new();
    private readonly Task writing;
    private SynthesisProgress? latest;
    private SynthesisProgress? written;
    private DateTimeOffset lastWrite;

    public RunProgress(IDbContextFactory<StudyDb> databases, SynthesisQueue queue, TimeProvider clock, SynthesisJob job, Guid runId, TimeSpan signOfLife)
    {
        (this.databases, this.queue, this.clock, this.job, this.runId, this.signOfLife) = (databases, queue, clock, job, runId, signOfLife);
        curve = new LossCurve(job.LossCurveJson);
        lastWrite = clock.GetUtcNow();
        writing = Task.Run(WriteOnAsync);
    }

    /// <summary>Set when the row has been taken from this run.</summary>
    public CancellationToken Lost => lost.Token;

    /// <summary>Whether the row went back into the queue because a participant waits for another one.</summary>
    public bool SteppedAside { get; private set; }

    public void Report(SynthesisProgress value)
    {
        lock (gate)
        {
            latest = value;
            curve.Add(value.Step, value.Loss);
        }
    }

    /// <summary>Stops the beat and writes what came last.</summary>
    public async Task FinishAsync()
    {
        await StopAsync();
        await WriteAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        lost.Dispose();
        ended.Dispose();
    }

    private async Task StopAsync()
    {
        if (!ended.IsCancellationRequested) await ended.CancelAsync();
        await writing;
    }

    private async Task WriteOnAsync()
    {
        using var timer = new PeriodicTimer(Beat, clock);
        try
        {
            while (await timer.WaitForNextTickAsync(ended.Token))
            {
                bool news;
                lock (gate) news = !ReferenceEquals(latest, written);
                try
                {
                    var mine = (!news && clock.GetUtcNow() - lastWrite < signOfLife && await IsMineAsync()) || await WriteAsync();
                    if (mine && !(SteppedAside = await queue.StepAsideAsync(job, runId))) continue;
                }
                catch (Exception e) when (Rounds.IsOfDatabase(e))
                {
                    continue; // The database is away; if that lasts longer than the lease, another run takes the row, and this one finds that out.
                }
                await lost.CancelAsync();
                return;
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            // The run is over.
        }
    }

    private async Task<bool> IsMineAsync()
    {
        await using var db = await databases.CreateDbContextAsync();
        return await db.SynthesisJobs.AnyAsync(j => j.Id == job.Id && j.RunId == runId && j.State == SynthesisState.Running);
    }

    private async Task<bool> WriteAsync()
    {
        SynthesisProgress? now;
        string json;
        lock (gate) (now, json) = (latest, curve.ToJson());
        lastWrite = clock.GetUtcNow();
        await using var db = await databases.CreateDbContextAsync();
        var mine = db.SynthesisJobs.Where(j => j.Id == job.Id && j.RunId == runId && j.State == SynthesisState.Running);
        var rows = now is null
            ? await mine.ExecuteUpdateAsync(j => j.SetProperty(x => x.HeartbeatAt, lastWrite))
            : await mine.ExecuteUpdateAsync(j => j
                .SetProperty(x => x.HeartbeatAt, lastWrite).SetProperty(x => x.StepsDone, now.Step).SetProperty(x => x.StepsTotal, now.Steps)
                .SetProperty(x => x.Loss, now.Loss).SetProperty(x => x.LossCurveJson, json));
        written = now;
        return rows == 1;
    }
}
