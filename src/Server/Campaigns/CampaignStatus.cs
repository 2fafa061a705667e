using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Where one stage of one model stands in a campaign.</summary>
public sealed record StageStatus(Guid StageId, StageName Name, int Position, int Queued, int Running, int Done, int Failed, int Cancelled, int Accepted, double? MeanSeconds, StageNull? Null)
{
    public int Total => Queued + Running + Done + Failed + Cancelled;
}

/// <summary>A synthesis under way or failed, with names instead of ids.</summary>
public sealed record JobStatus(SynthesisJob Job, StageName Stage, Stimulus Natural);

/// <summary>A campaign as its page shows it: one look at the database.</summary>
public sealed class CampaignStatus
{
    public required Campaign Campaign { get; init; }
    public required string NaturalSet { get; init; }
    public required string PoolSet { get; init; }
    public required IReadOnlyList<StageStatus> Stages { get; init; }
    public required IReadOnlyList<JobStatus> Running { get; init; }
    public required IReadOnlyList<JobStatus> Failures { get; init; }

    /// <summary>Mean disk of the syntheses that are done; null before the first.</summary>
    public double? MeanBytes { get; init; }

    /// <summary>Metamers finished per hour, over the last thirty; null before the second.</summary>
    public double? PerHour { get; init; }

    /// <summary>What the open syntheses will take where so many run at a time; null while nothing is measured.</summary>
    public CampaignEstimate? Estimate(int workers) => CampaignEstimate.Of([.. Stages.Select(s => new StageCost(s.Queued + s.Running, s.MeanSeconds))], MeanBytes, workers);

    public int Total => Stages.Sum(s => s.Total);
    public int Done => Stages.Sum(s => s.Done);
    public int Failed => Stages.Sum(s => s.Failed);
    public int Cancelled => Stages.Sum(s => s.Cancelled);
    public int Open => Stages.Sum(s => s.Queued + s.Running);
    public int Accepted => Stages.Sum(s => s.Accepted);

    /// <summary>Share that is done or has failed, in percent; a running synthesis counts by its steps.</summary>
    public double Percent => Total == 0 ? 0
        : 100.0 * (Done + Failed + Running.Sum(r => r.Job.StepsTotal > 0 ? (double)r.Job.StepsDone / r.Job.StepsTotal : 0)) / Total;

    /// <summary>Null if there is no such campaign.</summary>
    public static async Task<CampaignStatus?> LoadAsync(StudyDb db, Guid campaignId, CancellationToken cancel = default)
    {
        if (await db.Campaigns.AsNoTracking().FirstOrDefaultAsync(c => c.Id == campaignId && c.MetamerSetId != null, cancel) is not { } campaign) return null;
        var jobs = db.SynthesisJobs.AsNoTracking().Where(j => j.CampaignId == campaignId);
        var counts = await jobs.GroupBy(j => new { j.StageId, j.State }).Select(g => new { g.Key.StageId, g.Key.State, Count = g.Count() }).ToListAsync(cancel);
        var accepted = await jobs.Join(db.Metamers, j => j.MetamerStimulusId, m => m.StimulusId, (j, m) => m)
            .Where(m => m.MeetsCriteria && m.RejectedBecause == null).GroupBy(m => m.StageId).Select(g => new { g.Key, Count = g.Count() }).ToDictionaryAsync(g => g.Key, g => g.Count, cancel);
        var stageIds = counts.Select(c => c.StageId).Distinct().ToArray();
        var names = await db.Stages.Where(s => stageIds.Contains(s.Id)).Join(db.Models, s => s.ModelId, m => m.Id, (s, m) => new { s.Id, s.Position, Model = m.Name, s.Name }).ToListAsync(cancel);
        // Of a pool that changed meanwhile, the newest.
        var nulls = (await db.StageNulls.AsNoTracking().Where(n => n.PoolSetId == campaign.PoolSetId && n.Pairs == campaign.NullPairs && n.Augmentation == campaign.NullAugmentation && stageIds.Contains(n.StageId))
            .OrderBy(n => n.Id).ToListAsync(cancel)).GroupBy(n => n.StageId).ToDictionary(g => g.Key, g => g.Last());
        var stageNames = names.ToDictionary(n => n.Id, n => new StageName(n.Model, n.Name));
        var costs = await jobs.Where(j => j.Seconds != null).GroupBy(j => j.StageId).Select(g => new { g.Key, Seconds = g.Average(j => j.Seconds) }).ToDictionaryAsync(g => g.Key, g => g.Seconds, cancel);
        var ended = await jobs.Where(j => j.State == SynthesisState.Done && j.EndedAt != null).OrderByDescending(j => j.EndedAt).Take(30).Select(j => j.EndedAt!.Value).ToListAsync(cancel);

        return new CampaignStatus
        {
            Campaign = campaign,
            NaturalSet = await db.StimulusSets.Where(s => s.Id == campaign.NaturalSetId).Select(s => s.Name).FirstAsync(cancel),
            PoolSet = await db.StimulusSets.Where(s => s.Id == campaign.PoolSetId).Select(s => s.Name).FirstAsync(cancel),
            Stages = [.. names.OrderBy(n => n.Model, StringComparer.Ordinal).ThenBy(n => n.Position).Select(n => new StageStatus(
                n.Id, stageNames[n.Id], n.Position, Count(n.Id, SynthesisState.Queued), Count(n.Id, SynthesisState.Running), Count(n.Id, SynthesisState.Done),
                Count(n.Id, SynthesisState.Failed), Count(n.Id, SynthesisState.Cancelled), accepted.GetValueOrDefault(n.Id), costs.GetValueOrDefault(n.Id), nulls.GetValueOrDefault(n.Id)))],
            Running = await JobsAsync(SynthesisState.Running, 12),
            Failures = await JobsAsync(SynthesisState.Failed, 50),
            MeanBytes = await jobs.AverageAsync(j => (double?)j.Bytes, cancel),
            PerHour = ended.Count < 2 || ended[0] == ended[^1] ? null : (ended.Count - 1) / (ended[0] - ended[^1]).TotalHours,
        };

        int Count(Guid stage, SynthesisState state) => counts.FirstOrDefault(c => c.StageId == stage && c.State == state)?.Count ?? 0;

        async Task<List<JobStatus>> JobsAsync(SynthesisState state, int most) =>
            [.. (await jobs.Where(j => j.State == state).OrderBy(j => j.Id).Take(most).Join(db.Stimuli, j => j.NaturalStimulusId, s => s.Id, (j, s) => new { Job = j, Natural = s }).ToListAsync(cancel))
                .Select(x => new JobStatus(x.Job, stageNames[x.Job.StageId], x.Natural))];
    }
}
