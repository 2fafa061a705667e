using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Criteria;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>All metamers of a campaign with what they are judged by.</summary>
public sealed class QualityControl
{
    public required Campaign Campaign { get; init; }

    /// <summary>Picture by picture, stages from input to output.</summary>
    public required IReadOnlyList<MetamerRow> Metamers { get; init; }

    /// <summary>The stages that have metamers, in order.</summary>
    public required IReadOnlyList<(Guid Id, StageName Name)> Stages { get; init; }

    /// <summary>By stage; absent where no null distribution is known.</summary>
    public required IReadOnlyDictionary<Guid, StageChance> Chance { get; init; }

    /// <summary>The same with one metamer changed.</summary>
    public QualityControl With(MetamerRow changed) => new()
    {
        Campaign = Campaign, Metamers = [.. Metamers.Select(m => m.Id == changed.Id ? changed : m)], Stages = Stages, Chance = Chance,
    };

    /// <summary>Null if there is no such campaign.</summary>
    public static async Task<QualityControl?> LoadAsync(StudyDb db, BlobStore blobs, Guid campaignId, CancellationToken cancel = default)
    {
        if (await db.Campaigns.AsNoTracking().FirstOrDefaultAsync(c => c.Id == campaignId && c.MetamerSetId != null, cancel) is not { } campaign) return null;
        var made = db.Stimuli.Where(s => db.SynthesisJobs.Any(j => j.CampaignId == campaignId && j.MetamerStimulusId == s.Id));
        var metamers = await MetamerRow.Of(db, made).ToListAsync(cancel);
        var stageIds = metamers.Select(m => m.StageId).Distinct().ToArray();
        var positions = await db.Stages.Where(s => stageIds.Contains(s.Id)).ToDictionaryAsync(s => s.Id, s => s.Position, cancel);
        var stages = metamers.DistinctBy(m => m.StageId).OrderBy(m => m.Stage.Model, StringComparer.Ordinal).ThenBy(m => positions[m.StageId]).Select(m => (m.StageId, m.Stage)).ToList();
        var order = stages.Index().ToDictionary(s => s.Item.StageId, s => s.Index);
        return new QualityControl
        {
            Campaign = campaign,
            Metamers = [.. metamers.OrderBy(m => m.Category, StringComparer.Ordinal).ThenBy(m => m.NaturalName, StringComparer.Ordinal).ThenBy(m => order[m.StageId]).ThenBy(m => m.Seed)],
            Stages = stages,
            Chance = await ChanceAsync(db, blobs, campaign, stages, metamers.ToLookup(m => m.StageId), cancel),
        };
    }

    private static async Task<Dictionary<Guid, StageChance>> ChanceAsync(
        StudyDb db, BlobStore blobs, Campaign campaign, List<(Guid StageId, StageName Stage)> stages, ILookup<Guid, MetamerRow> metamers, CancellationToken cancel)
    {
        var stageIds = stages.Select(s => s.StageId).ToArray();
        var rows = await db.StageNulls.AsNoTracking().Where(n => n.PoolSetId == campaign.PoolSetId && n.Pairs == campaign.NullPairs && n.Augmentation == campaign.NullAugmentation
            && stageIds.Contains(n.StageId)).OrderBy(n => n.Id).ToListAsync(cancel);
        var files = new Dictionary<string, NullDistribution?>();
        var chance = new Dictionary<Guid, StageChance>();
        // Of a pool that changed meanwhile, the newest.
        foreach (var row in rows.GroupBy(r => r.StageId).Select(g => g.Last()))
        {
            if (!files.TryGetValue(row.Sha256, out var file))
                files[row.Sha256] = file = row.Sha256 == StageNull.OnlyLargestKnown || !await blobs.ExistsAsync(row.Sha256, cancel) ? null : NullDistribution.Read(await blobs.FetchAsync(row.Sha256, cancel));
            chance[row.StageId] = StageChance.Of(row, file, stages.First(s => s.StageId == row.StageId).Stage.Stage, [.. metamers[row.StageId]]);
        }
        return chance;
    }
}
