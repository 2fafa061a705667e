using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Null distributions: each stage and pool is measured once, all stages of a campaign's model in one go.</summary>
public sealed class StageNulls(IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data)
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
            if (await FindAsync(db, campaign, stageId, cancel) is { } known) return known;

            var stageIds = await db.SynthesisJobs.Where(j => j.CampaignId == campaign.Id && j.ModelId == model.Id).Select(j => j.StageId).Distinct().ToListAsync(cancel);
            var measured = await db.StageNulls.Where(n => n.PoolSetId == campaign.PoolSetId && n.Pairs == campaign.NullPairs && stageIds.Contains(n.StageId)).Select(n => n.StageId).ToListAsync(cancel);
            var missing = await db.Stages.Where(s => stageIds.Contains(s.Id) && !measured.Contains(s.Id)).OrderBy(s => s.Position).ToListAsync(cancel);
            var pool = await db.Stimuli.Where(s => s.SetId == campaign.PoolSetId).Select(s => s.Sha256).Distinct().ToListAsync(cancel);
            await MeasureAsync(db, host, campaign, model, missing, [.. pool.Order(StringComparer.Ordinal).Select(blobs.PathOf)], cancel);
            return await FindAsync(db, campaign, stageId, cancel) ?? throw new SynthesisException("The null distribution could not be measured at this stage.");
        }
        finally
        {
            gate.Release();
        }
    }

    private static Task<StageNull?> FindAsync(StudyDb db, Campaign campaign, Guid stageId, CancellationToken cancel) =>
        db.StageNulls.AsNoTracking().FirstOrDefaultAsync(n => n.StageId == stageId && n.PoolSetId == campaign.PoolSetId && n.Pairs == campaign.NullPairs, cancel);

    private async Task MeasureAsync(StudyDb db, SynthesisHostProcess host, Campaign campaign, RegisteredModel model, List<ModelStage> stages, string[] pool, CancellationToken cancel)
    {
        var output = data.NewTemporaryPath(".json");
        try
        {
            // Two uploads of one picture are one picture here, so there can be fewer pairs than rows would give.
            var pairs = Math.Min(campaign.NullPairs, CampaignPlan.PairsIn(pool.Length));
            var request = new MeasureNull(blobs.PathOf(model.Sha256), model.Pipeline, [.. stages.Select(s => s.Name)], pool, pairs, Seed, output);
            var summary = await host.CallAsync<NullSummary>(request, cancel: cancel);
            var sha256 = await blobs.StoreFileAsync(output, cancel);
            db.StageNulls.AddRange(summary.Stages.Select(measured => new StageNull
            {
                Id = Guid.CreateVersion7(),
                ModelId = model.Id,
                StageId = stages.First(s => s.Name == measured.Stage || s.Tensor == measured.Stage).Id,
                PoolSetId = campaign.PoolSetId,
                Pairs = campaign.NullPairs,
                MaxSpearman = measured.Max.Spearman,
                MaxPearson = measured.Max.Pearson,
                MaxPaperSnrDb = measured.Max.PaperSnrDb,
                Sha256 = sha256,
            }));
            await db.SaveChangesAsync(cancel);
        }
        catch (DbUpdateException)
        {
            // Another worker measured the same at the same time; the rows are equal, and the first ones stay.
            db.ChangeTracker.Clear();
        }
        finally
        {
            File.Delete(output);
        }
    }
}
