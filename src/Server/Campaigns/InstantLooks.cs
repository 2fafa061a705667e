using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>What somebody wants to see at once: one picture or sound at one stage.</summary>
public sealed record LookWish(Guid StageId, Guid NaturalStimulusId, string Preset = "fast", int? Steps = null, int Seed = 0);

/// <summary>
/// Instant looks: one metamer on the next free worker, watched as it comes about. A look is a campaign of one synthesis without a set; it makes
/// no metamer that could enter a study until somebody keeps it, and goes by itself after a week.
/// </summary>
public sealed class InstantLooks(IDbContextFactory<StudyDb> databases, SynthesisQueue queue, CampaignFiles files, TimeProvider clock)
{
    // Before all campaigns: somebody is waiting.
    private const int Priority = 100;
    private static readonly TimeSpan Kept = TimeSpan.FromDays(7);

    /// <summary>Puts the synthesis before all others.</summary>
    /// <exception cref="RefusedException">It cannot be made; the message says why.</exception>
    public async Task<Guid> StartAsync(LookWish wish, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Stages.AsNoTracking().FirstOrDefaultAsync(s => s.Id == wish.StageId, cancel) is not { } stage) throw new RefusedException("Pick a model and one of its stages.");
        if (!stage.Differentiable) throw new RefusedException($"No metamer can be made at {stage.Name}: {stage.Reason}");
        if (await db.Stimuli.AsNoTracking().FirstOrDefaultAsync(s => s.Id == wish.NaturalStimulusId && s.Metamer == null, cancel) is not { } natural) throw new RefusedException("Pick a natural picture or sound.");
        var model = await db.Models.AsNoTracking().FirstAsync(m => m.Id == stage.ModelId, cancel);
        if (model.FileProblem is { } missing) throw new RefusedException(missing);
        if (model.Pipeline.Medium() != MediumWords.MediumOf(natural.MediaType)) throw new RefusedException($"{model.Name} takes {model.Pipeline.Medium().Many()}: pick one of those.");
        if (!CampaignPlan.Presets.ContainsKey(wish.Preset)) throw new RefusedException($"There is no preset {wish.Preset}: take {string.Join(" or ", CampaignPlan.Presets.Keys)}.");
        if (wish.Steps is < 1 or > 1_000_000) throw new RefusedException("The number of steps must be between 1 and 1,000,000.");

        var now = clock.GetUtcNow();
        var id = Guid.CreateVersion7();
        var look = new Campaign
        {
            Id = id, Name = $"look {id:N}", NaturalSetId = natural.SetId, PoolSetId = natural.SetId, Preset = wish.Preset, Steps = wish.Steps, Seed = wish.Seed,
            NullAugmentation = "none", Priority = Priority, CreatedAt = now,
        };
        look.Jobs.Add(new SynthesisJob
        {
            Id = Guid.CreateVersion7(), CampaignId = id, ModelId = stage.ModelId, StageId = stage.Id, NaturalStimulusId = natural.Id, Seed = wish.Seed, StepsTotal = wish.Steps ?? 0,
        });
        db.Campaigns.Add(look);
        await db.SaveChangesAsync(cancel);
        queue.Call(1);
        foreach (var old in await db.Campaigns.Where(c => c.MetamerSetId == null && c.CreatedAt < now - Kept).Select(c => c.Id).ToListAsync(cancel)) await DeleteAsync(old, cancel);
        return id;
    }

    /// <summary>Stops it within about a second; what has been reached stays to be looked at.</summary>
    public async Task CancelAsync(Guid lookId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var now = clock.GetUtcNow();
        await db.SynthesisJobs.Where(j => j.CampaignId == lookId && (j.State == SynthesisState.Queued || j.State == SynthesisState.Running))
            .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Cancelled).SetProperty(x => x.EndedAt, now), cancel);
    }

    /// <summary>Deletes it with its files; if it is under way, its run notices and stops.</summary>
    public async Task DeleteAsync(Guid lookId, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Campaigns.Include(c => c.Jobs).FirstOrDefaultAsync(c => c.Id == lookId && c.MetamerSetId == null, cancel) is not { } look) return;
        db.Campaigns.Remove(look);
        await db.SaveChangesAsync(cancel);
        foreach (var job in look.Jobs) files.Forget(job.Id);
    }

    /// <summary>
    /// Makes a campaign of it: its metamer is not made again, but compared with chance, and enters a set of its own.
    /// </summary>
    /// <param name="lookId">The look; it has to be finished.</param>
    /// <param name="name">Name of the campaign.</param>
    /// <param name="nullPairs">Pairs for the null distribution, from the set of its stimulus.</param>
    /// <param name="cancel">Cancels.</param>
    /// <exception cref="RefusedException">It is not finished, or cannot be a campaign; the message says why.</exception>
    public async Task KeepAsync(Guid lookId, string name, int nullPairs, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.Campaigns.Include(c => c.Jobs).FirstOrDefaultAsync(c => c.Id == lookId && c.MetamerSetId == null, cancel) is not { Jobs: [var job] } look)
            throw new RefusedException("There is no such look: it may have been deleted, or kept already.");
        if (job.State != SynthesisState.Done) throw new RefusedException("The look is not finished: wait for it, or start a campaign instead.");
        var plan = new CampaignPlan { Name = name, NaturalSetId = look.NaturalSetId, StageIds = [job.StageId], Preset = look.Preset, Steps = look.Steps, Seed = look.Seed, NullPairs = nullPairs };
        var problems = await plan.ProblemsAsync(db, cancel);
        if (problems.Count > 0) throw new RefusedException(string.Join(' ', problems));

        var medium = await plan.MediumAsync(db, cancel);
        var set = new StimulusSet { Id = Guid.CreateVersion7(), Name = CampaignPlan.SetNameOf(name.Trim()), Kind = StimulusKind.Metamer, Medium = medium, Source = $"Campaign {name.Trim()}", CreatedAt = clock.GetUtcNow() };
        db.StimulusSets.Add(set);
        (look.Name, look.MetamerSetId, look.NullPairs, look.NullAugmentation, look.Priority) = (name.Trim(), set.Id, nullPairs, CampaignPlan.AugmentationsOf(medium)[0], 0);
        (job.State, job.RunId, job.EndedAt) = (SynthesisState.Queued, null, null);
        await db.SaveChangesAsync(cancel);
        queue.Call(1);
    }
}
