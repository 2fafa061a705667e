using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Studies.OnDemand;

public enum SupplyState
{
    /// <summary>Made, and it meets the criteria.</summary>
    Ready,

    /// <summary>Queued, or being made.</summary>
    Coming,

    /// <summary>The next seed has still to be ordered.</summary>
    Missing,

    /// <summary>No seed gave a metamer that meets the criteria.</summary>
    Exhausted,
}

/// <summary>How things stand with the metamer of one natural stimulus in one condition.</summary>
/// <param name="JobId">The synthesis that made it, or makes it.</param>
/// <param name="StimulusId">What can be shown; only where it is ready.</param>
/// <param name="Seed">The seed that it has, or that is to be ordered next.</param>
/// <param name="NeededAt">When somebody needs it, as ordered so far; only where it is coming.</param>
public readonly record struct Supply(SupplyState State, int Seed = 0, Guid? JobId = null, Guid? StimulusId = null, DateTimeOffset? NeededAt = null);

/// <summary>What the syntheses of a version have come to. A metamer that fails the criteria, or that a researcher has left out, is never ready.</summary>
public sealed class OnDemandStock
{
    private readonly OnDemandSettings settings;
    private readonly Dictionary<(Guid Natural, StudyCondition Condition, int Seed), Made> made;

    private OnDemandStock(OnDemandSettings settings, Dictionary<(Guid, StudyCondition, int), Made> made) => (this.settings, this.made) = (settings, made);

    private sealed record Made(Guid JobId, SynthesisState State, Guid? StimulusId, bool Accepted, DateTimeOffset? NeededAt);

    /// <summary>Reads the syntheses of some natural stimuli for a version.</summary>
    public static async Task<OnDemandStock> LoadAsync(StudyDb db, Guid versionId, OnDemandSettings settings, IReadOnlyCollection<Guid> naturals, CancellationToken cancel = default)
    {
        if (!settings.Any || naturals.Count == 0) return new OnDemandStock(settings, []);
        var jobs = await (
            from job in db.SynthesisJobs.AsNoTracking()
            where job.CampaignId == versionId && naturals.Contains(job.NaturalStimulusId)
            join metamer in db.Metamers on job.MetamerStimulusId equals metamer.StimulusId into found
            from metamer in found.DefaultIfEmpty()
            select new
            {
                job.NaturalStimulusId, job.ModelId, job.StageId, job.LossLevel, job.Seed, job.Id, job.State, job.MetamerStimulusId, job.NeededAt,
                Accepted = metamer != null && metamer.MeetsCriteria && metamer.RejectedBecause == null,
            }).ToListAsync(cancel);
        return new OnDemandStock(settings, jobs.ToDictionary(
            j => (j.NaturalStimulusId, new StudyCondition(j.ModelId, j.StageId, j.LossLevel), j.Seed), j => new Made(j.Id, j.State, j.MetamerStimulusId, j.Accepted, j.NeededAt)));
    }

    public Supply Of(Guid natural, StudyCondition condition)
    {
        for (var seed = settings.Seed; seed < settings.Seed + settings.Seeds; seed++)
        {
            if (!made.TryGetValue((natural, condition, seed), out var found)) return new Supply(SupplyState.Missing, seed);
            if (found.State is SynthesisState.Queued or SynthesisState.Running) return new Supply(SupplyState.Coming, seed, found.JobId, NeededAt: found.NeededAt);
            if (found.State == SynthesisState.Done && found.Accepted) return new Supply(SupplyState.Ready, seed, found.JobId, found.StimulusId);
        }
        return new Supply(SupplyState.Exhausted);
    }
}
