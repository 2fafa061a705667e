using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Runs the next row: claims it, makes the metamer in a synthesis host, stores the result. Interrupted, it leaves a checkpoint and a queued row.</summary>
public sealed partial class SynthesisRun(
    IDbContextFactory<StudyDb> databases, SynthesisQueue queue, SynthesisHosts hosts, StageNulls nulls, ModelAnswerer answerer, BlobStore blobs, CampaignFiles files, TimeProvider clock, ILogger<SynthesisRun> log)
{
    [AutomaticRetry(Attempts = 0)]
    public async Task RunNextAsync(CancellationToken stopping)
    {
        using var loan = await hosts.LendAsync(stopping);
        var runId = Guid.CreateVersion7();
        if (await queue.ClaimAsync(runId, stopping) is not { } job) return;
        var jobId = job.Id;

        await using var progress = new RunProgress(databases, clock, job, runId);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, progress.Lost);
        try
        {
            await MakeAsync(loan.Host, job, runId, progress, ending.Token);
        }
        catch (OperationCanceledException) when (progress.Lost.IsCancellationRequested)
        {
            // Somebody cancelled it, or paused its campaign: the checkpoint stays, so that it can go on. If the row is gone, nothing can.
            await using var db = await databases.CreateDbContextAsync(CancellationToken.None);
            if (!await db.SynthesisJobs.AnyAsync(j => j.Id == jobId, CancellationToken.None)) files.Forget(jobId);
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            await EndAsync(jobId, runId, SynthesisState.Queued, null);
            throw;
        }
        catch (SynthesisException e)
        {
            await EndAsync(jobId, runId, SynthesisState.Failed, e.Message);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or DbUpdateException)
        {
            LogFailure(e, jobId);
            await EndAsync(jobId, runId, SynthesisState.Failed, $"The result could not be stored: {e.Message}");
        }
    }

    private async Task MakeAsync(SynthesisHostProcess host, SynthesisJob job, Guid runId, RunProgress progress, CancellationToken cancel)
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
        // Whoever takes an instant look waits for it; whether it matches better than chance is asked when the look is kept as a campaign.
        var chance = campaign.IsLook ? null : await nulls.EnsureAsync(host, campaign, model, stage.Id, cancel);
        var medium = model.Pipeline.Medium();
        var output = files.OutputOf(job.Id, medium);
        var result = await host.CallAsync<MetamerResult>(
            new SynthesizeMetamer(
                blobs.PathOf(model.Sha256), model.Pipeline, blobs.PathOf(natural.Sha256), stage.Name, output, campaign.Preset, campaign.Steps, job.Seed,
                chance is null ? null : blobs.PathOf(chance.Sha256), files.CheckpointOf(job.Id), files.PreviewOf(job.Id, medium), hosts.Provider, Rms: campaign.Rms),
            progress, cancel);
        await progress.FinishAsync();
        if (campaign.MetamerSetId is not { } setId)
        {
            await StoreAsync(job, runId, result, null, new FileInfo(output).Length);
            return;
        }
        var manifest = await File.ReadAllTextAsync(Path.ChangeExtension(output, ".json"), cancel);
        var sha256 = await blobs.StoreFileAsync(output, cancel);
        var metamer = MetamerStimulus.Of(result, manifest, sha256, setId, campaign.Preset, job, natural, model.Pipeline, clock.GetUtcNow());
        var stored = await StoreAsync(job, runId, result, metamer, new FileInfo(output).Length + manifest.Length);
        files.Forget(job.Id);
        if (stored && result.Accepted) await answerer.EnqueueAllModelsAsync([metamer.Id], CancellationToken.None);
    }

    // The row's state and the metamer change together, and only if the row is still this run's. An instant look has no metamer; its files stay.
    private async Task<bool> StoreAsync(SynthesisJob job, Guid runId, MetamerResult result, Stimulus? metamer, long bytes)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var mine = await db.SynthesisJobs.Where(j => j.Id == job.Id && j.RunId == runId && j.State == SynthesisState.Running).ExecuteUpdateAsync(j => j
            .SetProperty(x => x.State, SynthesisState.Done).SetProperty(x => x.EndedAt, now).SetProperty(x => x.Failure, (string?)null)
            .SetProperty(x => x.Seconds, result.Seconds).SetProperty(x => x.Bytes, bytes).SetProperty(x => x.Loss, result.Loss));
        if (mine == 0) return false;
        if (metamer is not null)
        {
            db.Stimuli.Add(metamer);
            await db.SaveChangesAsync();
            await db.SynthesisJobs.Where(j => j.Id == job.Id).ExecuteUpdateAsync(j => j.SetProperty(x => x.MetamerStimulusId, metamer.Id));
        }
        await transaction.CommitAsync();
        return true;
    }

    private async Task EndAsync(Guid jobId, Guid runId, SynthesisState state, string? failure)
    {
        await using var db = await databases.CreateDbContextAsync();
        DateTimeOffset? ended = state == SynthesisState.Queued ? null : clock.GetUtcNow();
        await db.SynthesisJobs.Where(j => j.Id == jobId && j.RunId == runId && j.State == SynthesisState.Running).ExecuteUpdateAsync(j => j
            .SetProperty(x => x.State, state).SetProperty(x => x.Failure, failure).SetProperty(x => x.EndedAt, ended).SetProperty(x => x.RunId, (Guid?)null));
    }

    [LoggerMessage(LogLevel.Error, "Synthesis {JobId} failed.")]
    private partial void LogFailure(Exception e, Guid jobId);
}
