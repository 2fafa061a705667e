using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Carries the checkpoint of a run from the file that the synthesis host writes into the blob store, again and again, so that any worker can go on from it
/// to the same bytes.
/// </summary>
internal sealed class RunCheckpoint(IDbContextFactory<StudyDb> databases, BlobStore blobs, string path, SynthesisJob job, Guid runId, ThisWorker worker, TimeProvider clock) : IAsyncDisposable
{
    private readonly CancellationTokenSource ended = new();
    private Task carrying = Task.CompletedTask;
    private string? kept = job.CheckpointSha256;
    private DateTime carriedAt;

    /// <summary>Lays the last checkpoint where the host finds it, and begins to carry the next ones away.</summary>
    public async Task BeginAsync(CancellationToken cancel)
    {
        if (kept is not null && job.CheckpointProvider == worker.Provider) File.Copy(await blobs.FetchAsync(kept, cancel), path, overwrite: true);
        else File.Delete(path);
        carriedAt = File.GetLastWriteTimeUtc(path);
        carrying = Rounds.RunAsync(worker.BetweenCheckpoints, clock, CarryAsync, ended.Token);
    }

    /// <summary>Carries the last one away where the run did not come to its end; where it did, nobody needs one any more.</summary>
    public async ValueTask DisposeAsync()
    {
        await ended.CancelAsync();
        await carrying;
        ended.Dispose();
        try
        {
            await CarryAsync(CancellationToken.None);
        }
        catch (Exception e) when (Rounds.IsOfDatabase(e))
        {
            // The one before serves.
        }
    }

    private async Task CarryAsync(CancellationToken cancel)
    {
        // A synthesis that goes on counts as one that can be done, so its attempts begin anew.
        if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) is var writtenAt && writtenAt == carriedAt) return;
        string sha256;
        try
        {
            sha256 = await blobs.StoreFileAsync(path, cancel);
        }
        catch (IOException)
        {
            return; // The store is full or away, or the host has just finished; the next time it may be there.
        }
        await using var db = await databases.CreateDbContextAsync(cancel);
        var provider = worker.Provider;
        // Whoever paused or cancelled it has taken the row from the run, and nobody else has it yet.
        var mine = await db.SynthesisJobs.Where(j => j.Id == job.Id && (j.RunId == runId || (j.RunId == null && (j.State == SynthesisState.Queued || j.State == SynthesisState.Cancelled))))
            .ExecuteUpdateAsync(j => j.SetProperty(x => x.CheckpointSha256, sha256).SetProperty(x => x.CheckpointProvider, provider).SetProperty(x => x.Attempts, 0), cancel);
        carriedAt = writtenAt;
        var useless = mine == 1 ? kept : sha256;
        if (mine == 1) kept = sha256;
        if (useless is not null && useless != kept) await ForgetAsync(db, blobs, useless, cancel);
    }

    /// <summary>Deletes a checkpoint from the store, unless another row has the same.</summary>
    internal static async Task ForgetAsync(StudyDb db, BlobStore blobs, string sha256, CancellationToken cancel)
    {
        if (!await db.SynthesisJobs.AnyAsync(j => j.CheckpointSha256 == sha256, cancel)) await blobs.DeleteAsync(sha256, DateTimeOffset.MaxValue, cancel);
    }
}
