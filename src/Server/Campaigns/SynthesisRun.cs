using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Runs the next row: claims it, makes the metamer in a synthesis host, stores the result. Interrupted, it leaves a checkpoint and a queued row; a fault of
/// the machine or a dead host puts the row back for later, a fault of the row itself ends it.
/// </summary>
public sealed partial class SynthesisRun(
    IDbContextFactory<StudyDb> databases, SynthesisQueue queue, ThisWorker worker, SynthesisHosts hosts, StageNulls nulls, ModelAnswerer answerer, BlobStore blobs, CampaignFiles files,
    TimeProvider clock, ILogger<SynthesisRun> log)
{
    [AutomaticRetry(Attempts = 0)]
    public async Task RunNextAsync(CancellationToken stopping)
    {
        var runId = Guid.CreateVersion7();
        if (await queue.ClaimAsync(runId, stopping) is not { } job) return;

        await using var progress = new RunProgress(databases, queue, clock, job, runId, worker.Beat);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, progress.Lost);
        try
        {
            await MakeAsync(job, runId, progress, ending.Token);
        }
        catch (OperationCanceledException) when (progress.Lost.IsCancellationRequested)
        {
            if (progress.SteppedAside) await queue.CallForAsync(job);
            // Somebody cancelled it, or paused its campaign: the checkpoint stays, so that it can go on. If the row is gone, nothing can.
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            if (!await db.SynthesisJobs.AnyAsync(j => j.Id == job.Id, CancellationToken.None)) files.Forget(job.Id);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await queue.GiveBackAsync(job, runId);
            throw;
        }
        catch (SynthesisException e) when (e.Fault == SynthesisFault.HostEnded)
        {
            LogFailure(e, job.Id);
            await queue.RetryAsync(job.Id, runId, job.Attempts, SynthesisQueue.MostAttempts, e.Message, e.LastWords);
        }
        catch (SynthesisException e) when (e.Fault == SynthesisFault.Request)
        {
            await queue.SetAsideAsync(job.Id, runId, e.Message, e.LastWords.Length == 0 ? null : e.LastWords);
        }
        catch (Exception e) when (e is SynthesisException or IOException or UnauthorizedAccessException or DbUpdateException)
        {
            LogFailure(e, job.Id);
            await queue.PostponeAsync(job, runId, $"It is tried again, because it could not be stored or read: {e.Message}");
        }
    }

    private async Task MakeAsync(SynthesisJob job, Guid runId, RunProgress progress, CancellationToken cancel)
    {
        Campaign campaign;
        RegisteredModel model;
        ModelStage stage;
        Stimulus natural;
        await using (var db = await databases.CreateDbContextAsync(cancel))
        {
            campaign = await db.Campaigns.AsNoTracking().FirstAsync(c => c.Id == job.CampaignId, cancel);
            model = await db.Models.AsNoTracking().FirstAsync(m => m.Id == job.ModelId, cancel);
            stage = await db.Stages.AsNoTracking().FirstAsync(s => s.Id == job.StageId, cancel);
            natural = await db.Stimuli.AsNoTracking().FirstAsync(s => s.Id == job.NaturalStimulusId, cancel);
        }
        // As many runs as hosts: it waits only while another one gives its host back.
        using var loan = await hosts.LendAsync(model.Sha256, cancel);
        // Whoever takes an instant look waits for it; whether it matches better than chance is asked when the look is kept as a campaign.
        // What is cut off on its way is no finished metamer, and its loss is all that is asked.
        var chance = campaign.IsLook || job.LossLevel > 0 ? null : await nulls.EnsureAsync(loan.Host, campaign, model, stage.Id, cancel);
        var medium = model.Pipeline.Medium();
        var output = files.OutputOf(job.Id, medium);
        MetamerResult result;
        await using (var checkpoint = new RunCheckpoint(databases, blobs, files.CheckpointOf(job.Id), job, runId, worker, clock))
        {
            await checkpoint.BeginAsync(cancel);
            var request = new SynthesizeMetamer(
                await blobs.FetchAsync(model.Sha256, cancel), model.Pipeline, await blobs.FetchAsync(natural.Sha256, cancel), stage.Name, output, campaign.Preset, campaign.Steps, job.Seed,
                chance is null ? null : await blobs.FetchAsync(chance.Sha256, cancel), files.CheckpointOf(job.Id), files.PreviewOf(job.Id, medium), hosts.Provider,
                CheckpointSeconds: Math.Min(5, worker.BetweenCheckpoints.TotalSeconds), Rms: campaign.Rms, LossLevel: job.LossLevel > 0 ? job.LossLevel : null);
            result = await loan.Host.CallAsync<MetamerResult>(request, progress, cancel);
        }
        await progress.FinishAsync();
        var sha256 = await blobs.StoreFileAsync(output, cancel);
        if (campaign.MetamerSetId is not { } setId)
        {
            await StoreAsync(job, runId, result, null, new FileInfo(output).Length, sha256);
            return;
        }
        var manifest = await File.ReadAllTextAsync(Path.ChangeExtension(output, ".json"), cancel);
        var metamer = MetamerStimulus.Of(result, manifest, sha256, setId, campaign.Preset, job, natural, model.Pipeline, clock.GetUtcNow());
        var stored = await StoreAsync(job, runId, result, metamer, new FileInfo(output).Length + manifest.Length, null);
        files.Forget(job.Id);
        if (stored && result.Accepted) await answerer.EnqueueAllModelsAsync([metamer.Id], CancellationToken.None);
    }

    // The row's state and the metamer change together, and only if the row is still this run's. An instant look has no metamer; its files stay.
    private async Task<bool> StoreAsync(SynthesisJob job, Guid runId, MetamerResult result, Stimulus? metamer, long bytes, string? lookSha256)
    {
        await using var db = await databases.CreateDbContextAsync();
        var checkpoint = await db.SynthesisJobs.Where(j => j.Id == job.Id).Select(j => j.CheckpointSha256).FirstOrDefaultAsync();
        await using (var transaction = await db.Database.BeginTransactionAsync())
        {
            var now = clock.GetUtcNow();
            var mine = await db.SynthesisJobs.Where(j => j.Id == job.Id && j.RunId == runId && j.State == SynthesisState.Running).ExecuteUpdateAsync(j => j
                .SetProperty(x => x.State, SynthesisState.Done).SetProperty(x => x.EndedAt, now).SetProperty(x => x.Failure, (string?)null).SetProperty(x => x.FailureLog, (string?)null)
                .SetProperty(x => x.CheckpointSha256, (string?)null).SetProperty(x => x.CheckpointProvider, (string?)null).SetProperty(x => x.LookSha256, lookSha256)
                .SetProperty(x => x.Seconds, result.Seconds).SetProperty(x => x.Bytes, bytes).SetProperty(x => x.Loss, result.Loss));
            if (mine == 0) return false;
            if (metamer is not null)
            {
                db.Stimuli.Add(metamer);
                await db.SaveChangesAsync();
                await db.SynthesisJobs.Where(j => j.Id == job.Id).ExecuteUpdateAsync(j => j.SetProperty(x => x.MetamerStimulusId, metamer.Id));
            }
            await transaction.CommitAsync();
        }
        if (checkpoint is not null) await RunCheckpoint.ForgetAsync(db, blobs, checkpoint, CancellationToken.None);
        return true;
    }

    [LoggerMessage(LogLevel.Error, "Synthesis {JobId} did not come to its end.")]
    private partial void LogFailure(Exception e, Guid jobId);
}
