using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Starts, cancels, retries and deletes campaigns, and keeps a person's verdict on metamers.</summary>
public sealed class CampaignService(IDbContextFactory<StudyDb> databases, SynthesisQueue queue, StimulusSets sets, CampaignFiles files, TimeProvider clock)
{
    /// <summary>Writes the rows of all syntheses and hands them to the workers.</summary>
    /// <exception cref="RefusedException">It cannot start; the message says why, and what to do.</exception>
    public async Task<Campaign> StartAsync(CampaignPlan plan, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var problems = await plan.ProblemsAsync(db, cancel);
        if (problems.Count > 0) throw new RefusedException(string.Join(' ', problems));

        var now = clock.GetUtcNow();
        var name = plan.Name.Trim();
        var metamers = new StimulusSet { Id = Guid.CreateVersion7(), Name = CampaignPlan.SetNameOf(name), Kind = StimulusKind.Metamer, Source = $"Campaign {name}", CreatedAt = now };
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(),
            Name = name,
            NaturalSetId = plan.NaturalSetId,
            PoolSetId = plan.PoolSetId ?? plan.NaturalSetId,
            MetamerSetId = metamers.Id,
            Preset = plan.Preset,
            Steps = plan.Steps,
            Seed = plan.Seed,
            NullPairs = plan.NullPairs,
            NullAugmentation = plan.NullAugmentation,
            CreatedAt = now,
        };
        var naturals = await db.Stimuli.Where(s => s.SetId == plan.NaturalSetId).OrderBy(s => s.Category).ThenBy(s => s.Name).Select(s => s.Id).ToListAsync(cancel);
        if (plan.NaturalIds is { } chosen) naturals = [.. naturals.Intersect(chosen)];
        var stages = await db.Stages.Where(s => plan.StageIds.Contains(s.Id)).OrderBy(s => s.ModelId).ThenBy(s => s.Position).ToListAsync(cancel);
        var number = 0;
        // Picture by picture through all stages, so that the first pictures show early what the campaign is like. The ids sort in this order.
        campaign.Jobs.AddRange(naturals.SelectMany(natural => stages.Select(stage => new SynthesisJob
        {
            Id = Guid.CreateVersion7(now.AddMilliseconds(number++)),
            CampaignId = campaign.Id,
            ModelId = stage.ModelId,
            StageId = stage.Id,
            NaturalStimulusId = natural,
            State = SynthesisState.Queued,
            StepsTotal = plan.Steps ?? 0,
        })));
        db.StimulusSets.Add(metamers);
        db.Campaigns.Add(campaign);
        await db.SaveChangesAsync(cancel);
        queue.Enqueue(campaign.Jobs.Select(j => j.Id));
        return campaign;
    }

    /// <summary>Ends what is queued at once, and what is running within about a second.</summary>
    public async Task CancelAsync(Guid campaignId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        await db.SynthesisJobs.Where(j => j.CampaignId == campaignId && (j.State == SynthesisState.Queued || j.State == SynthesisState.Running))
            .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Cancelled).SetProperty(x => x.EndedAt, now), cancel);
    }

    /// <summary>Queues what failed or was cancelled again; an interrupted synthesis goes on from its checkpoint.</summary>
    public async Task<int> RetryAsync(Guid campaignId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var again = await db.SynthesisJobs.Where(j => j.CampaignId == campaignId && (j.State == SynthesisState.Failed || j.State == SynthesisState.Cancelled)).OrderBy(j => j.Id).Select(j => j.Id).ToListAsync(cancel);
        foreach (var part in again.Chunk(500))
        {
            await db.SynthesisJobs.Where(j => part.Contains(j.Id)).ExecuteUpdateAsync(j => j
                .SetProperty(x => x.State, SynthesisState.Queued).SetProperty(x => x.Failure, (string?)null)
                .SetProperty(x => x.RunId, (Guid?)null).SetProperty(x => x.EndedAt, (DateTimeOffset?)null), cancel);
        }
        queue.Enqueue(again);
        return again.Count;
    }

    /// <summary>Deletes the campaign; its metamers stay in their set, an empty set goes with it.</summary>
    /// <exception cref="RefusedException">Syntheses are under way.</exception>
    public async Task DeleteAsync(Guid campaignId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var campaign = await db.Campaigns.FirstAsync(c => c.Id == campaignId, cancel);
        if (await db.SynthesisJobs.AnyAsync(j => j.CampaignId == campaignId && (j.State == SynthesisState.Queued || j.State == SynthesisState.Running), cancel))
            throw new RefusedException("Syntheses of this campaign are under way: cancel it first.");
        var jobs = await db.SynthesisJobs.Where(j => j.CampaignId == campaignId).Select(j => j.Id).ToListAsync(cancel);
        db.Campaigns.Remove(campaign);
        await db.SaveChangesAsync(cancel);
        foreach (var job in jobs) files.Forget(job);
        if (!await db.Stimuli.AnyAsync(s => s.SetId == campaign.MetamerSetId, cancel)) await sets.DeleteAsync(campaign.MetamerSetId, cancel);
    }

    /// <summary>Leaves a metamer out of coming studies, with a reason; null takes it in again.</summary>
    public async Task JudgeAsync(Guid metamerStimulusId, string? rejectedBecause, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Metamers.FindAsync([metamerStimulusId], cancel) is not { } metamer) return;
        metamer.RejectedBecause = rejectedBecause;
        await db.SaveChangesAsync(cancel);
    }
}
