using System.Security.Cryptography;
using System.Text;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Null distributions: each stage is measured once for a pool of stimuli and a way to vary them, all stages of a campaign's model in one go.</summary>
public sealed class StageNulls(IDbContextFactory<StudyDb> databases, BlobStore blobs, CampaignFiles files)
{
    // One seed for all, so that the same pool gives the same pairs at every stage and in every campaign.
    private const int Seed = 2023;
    private readonly SemaphoreSlim gate = new(1);

    /// <summary>The stage's null distribution, measured now if it is not there.</summary>
    public async Task<StageNull> EnsureAsync(SynthesisHostProcess host, Campaign campaign, RegisteredModel model, Guid stageId, CancellationToken cancel)
    {
        await gate.WaitAsync(cancel);
        try
        {
            await using var db = await databases.CreateDbContextAsync(cancel);
            var pool = await db.Stimuli.Where(s => s.SetId == campaign.PoolSetId).Select(s => s.Sha256).Distinct().ToListAsync(cancel);
            pool.Sort(StringComparer.Ordinal);
            var poolSha256 = PoolSha256(pool);
            if (await Measured(db, campaign, poolSha256).FirstOrDefaultAsync(n => n.StageId == stageId, cancel) is { } known) return known;

            var stageIds = await db.SynthesisJobs.Where(j => j.CampaignId == campaign.Id && j.ModelId == model.Id).Select(j => j.StageId).Distinct().ToListAsync(cancel);
            var measured = await Measured(db, campaign, poolSha256).Where(n => stageIds.Contains(n.StageId)).Select(n => n.StageId).ToListAsync(cancel);
            var missing = await db.Stages.Where(s => stageIds.Contains(s.Id) && !measured.Contains(s.Id)).OrderBy(s => s.Position).ToListAsync(cancel);
            await MeasureAsync(db, host, campaign, model, missing, poolSha256, pool, cancel);
            return await Measured(db, campaign, poolSha256).FirstOrDefaultAsync(n => n.StageId == stageId, cancel)
                ?? throw new SynthesisException("The null distribution could not be measured at this stage.");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <summary>Hash over the sorted hashes of a pool's pictures: by it a pool is known.</summary>
    public static string PoolSha256(IEnumerable<string> pictures) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(string.Concat(pictures.Order(StringComparer.Ordinal)))));

    private static IQueryable<StageNull> Measured(StudyDb db, Campaign campaign, string poolSha256) => db.StageNulls.AsNoTracking().Where(n =>
        n.Sha256 != StageNull.OnlyLargestKnown && n.PoolSetId == campaign.PoolSetId && n.PoolSha256 == poolSha256 && n.Augmentation == campaign.NullAugmentation && n.Pairs == campaign.NullPairs);

    private async Task MeasureAsync(
        StudyDb db, SynthesisHostProcess host, Campaign campaign, RegisteredModel model, List<ModelStage> stages, string poolSha256, List<string> pool, CancellationToken cancel)
    {
        var output = files.NullsOf(model.Id, poolSha256, campaign);
        var pictures = new List<string>();
        foreach (var sha256 in pool) pictures.Add(await blobs.FetchAsync(sha256, cancel));
        try
        {
            var request = new MeasureNull(await blobs.FetchAsync(model.Sha256, cancel), model.Pipeline, [.. stages.Select(s => s.Name)], [.. pictures], campaign.NullPairs, Seed, output, campaign.NullAugmentation);
            var summary = await host.CallAsync<NullSummary>(request, cancel: cancel);
            var sha256 = await blobs.StoreFileAsync(output, cancel);
            var ids = stages.Select(s => s.Id).ToArray();
            await db.StageNulls.Where(n => ids.Contains(n.StageId) && n.Sha256 == StageNull.OnlyLargestKnown && n.PoolSetId == campaign.PoolSetId && n.PoolSha256 == poolSha256
                && n.Augmentation == campaign.NullAugmentation && n.Pairs == campaign.NullPairs).ExecuteDeleteAsync(cancel);
            db.StageNulls.AddRange(summary.Stages.Select(measured => new StageNull
            {
                Id = Guid.CreateVersion7(),
                ModelId = model.Id,
                StageId = stages.First(s => s.Name == measured.Stage || s.Tensor == measured.Stage).Id,
                PoolSetId = campaign.PoolSetId,
                PoolSha256 = poolSha256,
                Augmentation = campaign.NullAugmentation,
                Pairs = campaign.NullPairs,
                MaxSpearman = measured.Max.Spearman,
                MaxPearson = measured.Max.Pearson,
                MaxPaperSnrDb = measured.Max.PaperSnrDb,
                Sha256 = sha256,
            }));
            await db.SaveChangesAsync(cancel);
            File.Delete(output);
        }
        catch (FileNotFoundException)
        {
            // Another worker has measured the same, stored it, and then taken the file away: its rows are there.
        }
        catch (DbUpdateException)
        {
            // Another worker measured the same at the same time; the rows are equal, and the first ones stay.
            db.ChangeTracker.Clear();
        }
    }
}
