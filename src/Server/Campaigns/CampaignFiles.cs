using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>Where a running synthesis keeps its files in the data folder, by the row's id; so a restarted one finds its own.</summary>
public sealed class CampaignFiles(DataFolder data)
{
    public string CheckpointOf(Guid jobId) => Path.Combine(data.Folder("syntheses"), $"{jobId:N}.checkpoint");

    public string PreviewOf(Guid jobId, StimulusMedium medium) => Path.Combine(data.Folder("syntheses"), $"{jobId:N}.preview{StimulusFormats.EndingOf(medium)}");

    public string OutputOf(Guid jobId, StimulusMedium medium) => Path.Combine(data.Folder("syntheses"), $"{jobId:N}{StimulusFormats.EndingOf(medium)}");

    /// <summary>The null distributions of a model for one pool and way to see it; an interrupted measurement goes on with the stages that are there.</summary>
    public string NullsOf(Guid modelId, string poolSha256, Campaign campaign) =>
        Path.Combine(data.Folder("nulls"), $"{modelId:N}-{poolSha256[..16]}-{campaign.NullAugmentation}-{campaign.NullPairs}.json");

    /// <summary>Deletes what syntheses have left here that another worker has finished since, or that are gone.</summary>
    internal async Task SweepAsync(StudyDb db, CancellationToken cancel)
    {
        var found = Directory.GetFiles(data.Folder("syntheses")).Select(f => Path.GetFileName(f).Split('.')[0]).Where(name => Guid.TryParseExact(name, "N", out _)).Select(Guid.Parse).ToHashSet();
        foreach (var part in found.Chunk(500))
        {
            var needed = await db.SynthesisJobs.Where(j => part.Contains(j.Id) && j.MetamerStimulusId == null).Select(j => j.Id).ToListAsync(cancel);
            foreach (var id in part.Except(needed)) Forget(id);
        }
    }

    /// <summary>Deletes what a finished synthesis no longer needs.</summary>
    public void Forget(Guid jobId)
    {
        foreach (var path in Directory.GetFiles(data.Folder("syntheses"), $"{jobId:N}*")) File.Delete(path);
    }
}
