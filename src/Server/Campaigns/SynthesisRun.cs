using Hangfire;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Runs one row: claims it, makes the metamer in a synthesis host, stores the result. Interrupted, it leaves a checkpoint and a queued row.</summary>
public sealed partial class SynthesisRun(
    IDbContextFactory<StudyDb> databases, SynthesisHosts hosts, StageNulls nulls, ModelAnswerer answerer, BlobStore blobs, CampaignFiles files, TimeProvider clock, ILogger<SynthesisRun> log)
{
    [AutomaticRetry(Attempts = 0)]
    public async Task RunAsync(Guid jobId, CancellationToken stopping)
    {
        using var loan = await hosts.LendAsync(stopping);
        var runId = Guid.CreateVersion7();
        if (await ClaimAsync(jobId, runId, stopping) is not { } job) return;

        await using var progress = new RunProgress(databases, clock, job, runId);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(stopping, progress.Lost);
        try
        {
            await MakeAsync(loan.Host, job, runId, progress, ending.Token);
            files.Forget(jobId);
        }
        catch (OperationCanceledException) when (progress.Lost.IsCancellationRequested)
        {
            // Somebody cancelled it. The checkpoint stays for a retry.
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

    private async Task<SynthesisJob?> ClaimAsync(Guid jobId, Guid runId, CancellationToken cancel)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        var claimed = await db.SynthesisJobs.Where(j => j.Id == jobId && j.State == SynthesisState.Queued).ExecuteUpdateAsync(j => j
            .SetProperty(x => x.State, SynthesisState.Running).SetProperty(x => x.RunId, runId)
            .SetProperty(x => x.HeartbeatAt, now).SetProperty(x => x.StartedAt, x => x.StartedAt ?? now), cancel);
        return claimed == 1 ? await db.SynthesisJobs.AsNoTracking().FirstAsync(j => j.Id == jobId, cancel) : null;
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
        var chance = await nulls.EnsureAsync(host, campaign, model, stage.Id, cancel);
        var output = files.OutputOf(job.Id);
        var result = await host.CallAsync<MetamerResult>(
            new SynthesizeMetamer(
                blobs.PathOf(model.Sha256), model.Pipeline, blobs.PathOf(natural.Sha256), stage.Name, output, campaign.Preset, campaign.Steps, campaign.Seed,
                blobs.PathOf(chance.Sha256), files.CheckpointOf(job.Id), files.PreviewOf(job.Id), hosts.Provider),
            progress, cancel);
        var manifest = await File.ReadAllTextAsync(Path.ChangeExtension(output, ".json"), cancel);
        var sha256 = await blobs.StoreFileAsync(output, cancel);
        await progress.FinishAsync();
        var metamer = MetamerStimulus.Of(result, manifest, sha256, campaign, job, natural, model, clock.GetUtcNow());
        if (await StoreAsync(job, runId, metamer) && result.Accepted)
            await answerer.EnqueueAllModelsAsync([metamer.Id], CancellationToken.None);
    }

    // The row's state and the metamer change together, and only if the row is still this run's.
    private async Task<bool> StoreAsync(SynthesisJob job, Guid runId, Stimulus metamer)
    {
        await using var db = await databases.CreateDbContextAsync();
        await using var transaction = await db.Database.BeginTransactionAsync();
        var now = clock.GetUtcNow();
        var mine = await db.SynthesisJobs.Where(j => j.Id == job.Id && j.RunId == runId && j.State == SynthesisState.Running).ExecuteUpdateAsync(j => j
            .SetProperty(x => x.State, SynthesisState.Done).SetProperty(x => x.EndedAt, now).SetProperty(x => x.Failure, (string?)null));
        if (mine == 0) return false;
        db.Stimuli.Add(metamer);
        await db.SaveChangesAsync();
        await db.SynthesisJobs.Where(j => j.Id == job.Id).ExecuteUpdateAsync(j => j.SetProperty(x => x.MetamerStimulusId, metamer.Id));
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
