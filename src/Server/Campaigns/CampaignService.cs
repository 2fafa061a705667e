using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Starts, pauses, cancels, retries and deletes campaigns.</summary>
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
        var medium = await plan.MediumAsync(db, cancel);
        var metamers = new StimulusSet { Id = Guid.CreateVersion7(), Name = CampaignPlan.SetNameOf(name), Kind = StimulusKind.Metamer, Medium = medium, Source = $"Campaign {name}", CreatedAt = now };
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
            Seeds = plan.Seeds,
            Priority = plan.Priority,
            NeedsGpu = plan.NeedsGpu,
            NullPairs = plan.NullPairs,
            NullAugmentation = plan.NullAugmentation ?? CampaignPlan.AugmentationsOf(medium)[0],
            Rms = plan.Rms,
            CreatedAt = now,
        };
        var naturals = await db.Stimuli.Where(s => s.SetId == plan.NaturalSetId).OrderBy(s => s.Category).ThenBy(s => s.Name).Select(s => s.Id).ToListAsync(cancel);
        if (plan.NaturalIds is { } chosen) naturals = [.. naturals.Intersect(chosen)];
        var stages = await db.Stages.Where(s => plan.StageIds.Contains(s.Id)).OrderBy(s => s.ModelId).ThenBy(s => s.Position).ToListAsync(cancel);
        campaign.Jobs.AddRange(Jobs(plan, campaign.Id, naturals, stages, now));
        // The first and the last stage of the first stimulus: between them lies what the others take.
        if (plan.Pilot && campaign.Jobs.Count > 2)
        {
            campaign.Hold = CampaignHold.Pilot;
            campaign.Jobs[0].IsPilot = campaign.Jobs[Math.Max(1, (stages.Count - 1) * plan.Seeds)].IsPilot = true;
        }
        db.StimulusSets.Add(metamers);
        db.Campaigns.Add(campaign);
        await db.SaveChangesAsync(cancel);
        queue.Call(campaign.Hold == CampaignHold.Pilot ? 2 : campaign.Jobs.Count, campaign.NeedsGpu);
        return campaign;
    }

    // Stimulus by stimulus through all stages, so that the first ones show early what the campaign is like. The ids sort in this order.
    private static IEnumerable<SynthesisJob> Jobs(CampaignPlan plan, Guid campaignId, List<Guid> naturals, List<ModelStage> stages, DateTimeOffset now)
    {
        var number = 0;
        return from natural in naturals
               from stage in stages
               from seed in Enumerable.Range(plan.Seed, plan.Seeds)
               select new SynthesisJob
               {
                   Id = Guid.CreateVersion7(now.AddMilliseconds(number++)),
                   CampaignId = campaignId,
                   ModelId = stage.ModelId,
                   StageId = stage.Id,
                   NaturalStimulusId = natural,
                   Seed = seed,
                   State = SynthesisState.Queued,
                   StepsTotal = plan.Steps ?? 0,
               };
    }

    /// <summary>Lets nothing more begin; what is under way leaves a checkpoint within about a second.</summary>
    public async Task PauseAsync(Guid campaignId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        await HoldAsync(db, campaignId, CampaignHold.Paused, cancel);
        await db.SynthesisJobs.Where(j => j.CampaignId == campaignId && j.State == SynthesisState.Running)
            .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Queued).SetProperty(x => x.RunId, (Guid?)null), cancel);
    }

    /// <summary>Goes on after a pause or a pilot.</summary>
    public async Task ResumeAsync(Guid campaignId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var campaign = await HoldAsync(db, campaignId, CampaignHold.None, cancel);
        queue.Call(await db.SynthesisJobs.CountAsync(j => j.CampaignId == campaignId && j.State == SynthesisState.Queued, cancel), campaign.NeedsGpu);
    }

    /// <summary>Says when its syntheses begin, compared with those of other campaigns.</summary>
    /// <exception cref="RefusedException">There is no such priority.</exception>
    public async Task PrioritiseAsync(Guid campaignId, int priority, CancellationToken cancel = default)
    {
        if (!CampaignPlan.Priorities.ContainsKey(priority)) throw new RefusedException($"There is no priority {priority}: take {string.Join(", ", CampaignPlan.Priorities.Keys)}.");
        await using var db = await databases.CreateDbContextAsync(cancel);
        (await db.Campaigns.FirstAsync(c => c.Id == campaignId, cancel)).Priority = priority;
        await db.SaveChangesAsync(cancel);
    }

    private static async Task<Campaign> HoldAsync(StudyDb db, Guid campaignId, CampaignHold hold, CancellationToken cancel)
    {
        var campaign = await db.Campaigns.FirstAsync(c => c.Id == campaignId, cancel);
        campaign.Hold = hold;
        await db.SaveChangesAsync(cancel);
        return campaign;
    }

    /// <summary>Ends what is queued at once, and what is running within about a second.</summary>
    public async Task CancelAsync(Guid campaignId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        await HoldAsync(db, campaignId, CampaignHold.None, cancel);
        await db.SynthesisJobs.Where(j => j.CampaignId == campaignId && (j.State == SynthesisState.Queued || j.State == SynthesisState.Running))
            .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Cancelled).SetProperty(x => x.EndedAt, now), cancel);
    }

    /// <summary>Queues what failed or was cancelled again; an interrupted synthesis goes on from its checkpoint.</summary>
    /// <param name="campaignId">The campaign.</param>
    /// <param name="jobId">Only this synthesis of it; null for all.</param>
    /// <param name="cancel">Cancels.</param>
    /// <returns>How many were queued.</returns>
    public async Task<int> RetryAsync(Guid campaignId, Guid? jobId = null, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var needsGpu = await db.Campaigns.Where(c => c.Id == campaignId).Select(c => c.NeedsGpu).FirstOrDefaultAsync(cancel);
        var again = await db.SynthesisJobs.Where(j => j.CampaignId == campaignId && (jobId == null || j.Id == jobId) && (j.State == SynthesisState.Failed || j.State == SynthesisState.Cancelled))
            .OrderBy(j => j.Id).Select(j => j.Id).ToListAsync(cancel);
        foreach (var part in again.Chunk(500))
        {
            await db.SynthesisJobs.Where(j => part.Contains(j.Id)).ExecuteUpdateAsync(j => j
                .SetProperty(x => x.State, SynthesisState.Queued).SetProperty(x => x.Failure, (string?)null).SetProperty(x => x.FailureLog, (string?)null)
                .SetProperty(x => x.Attempts, 0).SetProperty(x => x.NotBefore, (DateTimeOffset?)null).SetProperty(x => x.RunId, (Guid?)null).SetProperty(x => x.EndedAt, (DateTimeOffset?)null), cancel);
        }
        queue.Call(again.Count, needsGpu);
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
        if (campaign.MetamerSetId is { } set && !await db.Stimuli.AnyAsync(s => s.SetId == set, cancel)) await sets.DeleteAsync(set, cancel);
    }
}
