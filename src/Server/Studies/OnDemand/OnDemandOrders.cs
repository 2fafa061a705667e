using System.Collections.Concurrent;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Studies.OnDemand;

/// <summary>A metamer that somebody will be shown.</summary>
/// <param name="NeededAt">The moment by which it should be ready: the nearest is made first.</param>
public readonly record struct OnDemandWish(Guid NaturalStimulusId, StudyCondition Condition, DateTimeOffset NeededAt);

/// <summary>
/// Orders metamers while a study runs. The syntheses of a version are those of a campaign that has the version's id; it makes what the version froze, and
/// nothing else. What was made once, for whichever campaign, from the same bytes by the same model, stage, loss level, preset, steps and seed under the same criteria, is
/// taken over instead of made again.
/// </summary>
public sealed class OnDemandOrders(IDbContextFactory<StudyDb> databases, SynthesisQueue queue, TimeProvider clock)
{
    private readonly ConcurrentDictionary<Guid, bool> opened = new();

    /// <summary>
    /// Makes the first natural stimulus at each on-demand condition, as a campaign would: so that models are warm and null distributions measured before
    /// the first participant comes.
    /// </summary>
    public Task PrepareAsync(Guid versionId, StudyDesign design, CancellationToken cancel = default) =>
        OrderAsync(versionId, design, [.. design.OnDemand.Conditions.Select(c => new OnDemandWish(design.NaturalStimuli[0], c, DateTimeOffset.MaxValue))], cancel);

    /// <summary>Orders what is neither there nor on its way. What is on its way already comes earlier where somebody needs it earlier.</summary>
    public async Task OrderAsync(Guid versionId, StudyDesign design, IReadOnlyCollection<OnDemandWish> wishes, CancellationToken cancel = default)
    {
        if (wishes.Count == 0) return;
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (!opened.ContainsKey(versionId)) await OpenAsync(db, versionId, design, cancel);
        var stock = await OnDemandStock.LoadAsync(db, versionId, design.OnDemand, [.. wishes.Select(w => w.NaturalStimulusId).Distinct()], cancel);
        var asked = wishes.OrderBy(w => w.NeededAt).DistinctBy(w => (w.NaturalStimulusId, w.Condition)).Select(w => (Wish: w, Supply: stock.Of(w.NaturalStimulusId, w.Condition))).ToList();
        foreach (var (wish, supply) in asked.Where(a => a.Supply.State == SupplyState.Coming && !(a.Supply.NeededAt <= a.Wish.NeededAt))) await HastenAsync(db, supply.JobId!.Value, wish.NeededAt, cancel);
        var missing = asked.Where(a => a.Supply.State == SupplyState.Missing).ToList();
        if (missing.Count == 0 || !await IsPoolAsFrozenAsync(db, versionId, design, cancel)) return;
        var ordered = await AddAsync(db, versionId, [.. missing.Select(m => JobOf(versionId, design.OnDemand, m.Wish, m.Supply.Seed))], cancel);
        if (ordered > 0) queue.Call(ordered);
    }

    /// <summary>Whether the pictures of the null distributions are those that the version froze: by others, other metamers would be accepted, so that nothing is made.</summary>
    public static async Task<bool> IsPoolAsFrozenAsync(StudyDb db, Guid versionId, StudyDesign design, CancellationToken cancel = default)
    {
        var json = await db.StudyVersions.IgnoreQueryFilters().Where(v => v.Id == versionId).Select(v => v.FreezeJson).FirstAsync(cancel);
        return JsonSerializer.Deserialize<StudyFreeze>(json, JsonSerializerOptions.Web)!.OnDemandPoolSha256 == await StudyFreeze.PoolSha256Async(db, design, cancel);
    }

    private async Task OpenAsync(StudyDb db, Guid versionId, StudyDesign design, CancellationToken cancel)
    {
        if (!await db.Campaigns.AnyAsync(c => c.Id == versionId, cancel))
        {
            var version = await db.StudyVersions.IgnoreQueryFilters().AsNoTracking().FirstAsync(v => v.Id == versionId, cancel);
            var study = await db.Studies.AsNoTracking().FirstAsync(s => s.Id == version.StudyId, cancel);
            var naturalSet = await db.Stimuli.Where(s => s.Id == design.NaturalStimuli[0]).Select(s => s.SetId).FirstAsync(cancel);
            var name = await FreeName.OfAsync($"{study.Name}, {(version.IsPublished ? $"version {version.Number}" : $"try {-version.Number}")}, on demand",
                async wished => await db.Campaigns.AnyAsync(c => c.Name == wished, cancel) || await db.StimulusSets.AnyAsync(s => s.Name == CampaignPlan.SetNameOf(wished), cancel));
            var (now, settings) = (clock.GetUtcNow(), design.OnDemand);
            var set = new StimulusSet { Id = Guid.CreateVersion7(now), Name = CampaignPlan.SetNameOf(name), Kind = StimulusKind.Metamer, Medium = design.Medium, Source = $"Campaign {name}", CreatedAt = now };
            db.StimulusSets.Add(set);
            db.Campaigns.Add(new Campaign
            {
                Id = versionId, Name = name, NaturalSetId = naturalSet, PoolSetId = settings.PoolSetId ?? naturalSet, MetamerSetId = set.Id, Preset = settings.Preset, Steps = settings.Steps,
                Seed = settings.Seed, Seeds = settings.Seeds, NullPairs = settings.NullPairs, NullAugmentation = settings.NullAugmentation, Rms = design.Medium == StimulusMedium.Sound ? design.Sound.Rms : null, CreatedAt = now,
            });
            await SaveUnlessThereAsync(db, cancel);
        }
        opened[versionId] = true;
    }

    private static Task<int> HastenAsync(StudyDb db, Guid jobId, DateTimeOffset neededAt, CancellationToken cancel) =>
        db.SynthesisJobs.Where(j => j.Id == jobId && j.State == SynthesisState.Queued && (j.NeededAt == null || j.NeededAt > neededAt))
            .ExecuteUpdateAsync(j => j.SetProperty(x => x.NeededAt, neededAt), cancel);

    private SynthesisJob JobOf(Guid versionId, OnDemandSettings settings, OnDemandWish wish, int seed)
    {
        var now = clock.GetUtcNow();
        return new SynthesisJob
        {
            Id = Guid.CreateVersion7(now), CampaignId = versionId, ModelId = wish.Condition.ModelId!.Value, StageId = wish.Condition.StageId!.Value, LossLevel = wish.Condition.LossLevel,
            NaturalStimulusId = wish.NaturalStimulusId, Seed = seed, StepsTotal = settings.Steps ?? 0, RequestedAt = now,
            NeededAt = wish.NeededAt == DateTimeOffset.MaxValue ? null : wish.NeededAt,
        };
    }

    /// <summary>Adds syntheses that are not there yet.</summary>
    /// <returns>How many now wait for a worker.</returns>
    private static async Task<int> AddAsync(StudyDb db, Guid versionId, IReadOnlyList<SynthesisJob> jobs, CancellationToken cancel)
    {
        var made = await MadeBeforeAsync(db, versionId, jobs, cancel);
        foreach (var job in jobs)
        {
            if (made.TryGetValue((job.NaturalStimulusId, job.StageId, job.LossLevel, job.Seed), out var before))
                (job.State, job.MetamerStimulusId, job.Loss, job.EndedAt) = (SynthesisState.Done, before.MetamerStimulusId, before.Loss, job.RequestedAt);
        }
        db.SynthesisJobs.AddRange(jobs);
        if (await SaveUnlessThereAsync(db, cancel)) return jobs.Count(j => j.State == SynthesisState.Queued);
        // Another server has ordered some of them at the same moment.
        var ordered = 0;
        foreach (var job in jobs)
        {
            db.SynthesisJobs.Add(job);
            if (await SaveUnlessThereAsync(db, cancel) && job.State == SynthesisState.Queued) ordered++;
        }
        return ordered;
    }

    /// <summary>Finished syntheses of other campaigns that would give the same bytes and the same verdict, by natural stimulus, stage, loss level and seed; the first where there are several.</summary>
    private static async Task<Dictionary<(Guid Natural, Guid Stage, double LossLevel, int Seed), (Guid? MetamerStimulusId, double? Loss)>> MadeBeforeAsync(
        StudyDb db, Guid versionId, IReadOnlyList<SynthesisJob> wanted, CancellationToken cancel)
    {
        var (naturals, stages) = (wanted.Select(j => j.NaturalStimulusId).Distinct().ToArray(), wanted.Select(j => j.StageId).Distinct().ToArray());
        var found = await (
            from own in db.Campaigns
            from asked in db.Stimuli
            join natural in db.Stimuli on asked.Sha256 equals natural.Sha256
            join job in db.SynthesisJobs on natural.Id equals job.NaturalStimulusId
            join campaign in db.Campaigns on job.CampaignId equals campaign.Id
            where own.Id == versionId && naturals.Contains(asked.Id) && stages.Contains(job.StageId) && job.State == SynthesisState.Done && job.MetamerStimulusId != null
                && campaign.Preset == own.Preset && campaign.Steps == own.Steps && campaign.Rms == own.Rms
                && campaign.PoolSetId == own.PoolSetId && campaign.NullPairs == own.NullPairs && campaign.NullAugmentation == own.NullAugmentation
            orderby job.Id
            select new { asked.Id, job.StageId, job.LossLevel, job.Seed, job.MetamerStimulusId, job.Loss }).ToListAsync(cancel);
        return found.DistinctBy(f => (f.Id, f.StageId, f.LossLevel, f.Seed)).ToDictionary(f => (f.Id, f.StageId, f.LossLevel, f.Seed), f => (f.MetamerStimulusId, f.Loss));
    }

    private static async Task<bool> SaveUnlessThereAsync(StudyDb db, CancellationToken cancel)
    {
        try
        {
            await db.SaveChangesAsync(cancel);
            return true;
        }
        catch (DbUpdateException)
        {
            db.ChangeTracker.Clear();
            return false;
        }
    }
}
