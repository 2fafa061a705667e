using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>How many of a stage's accepted metamers a model sees the right category in, of those that it has answered for.</summary>
public sealed record RecognitionCell(int Recognised, int Answered);

/// <summary>Who else recognises a campaign's metamers: every registered model that knows their categories, the generating model included.</summary>
public sealed class Recognition
{
    /// <summary>Names of the models that know at least one of the categories.</summary>
    public required IReadOnlyList<string> Models { get; init; }

    /// <summary>For each generating stage a cell for each of <see cref="Models"/>.</summary>
    public required IReadOnlyList<(StageName Stage, RecognitionCell[] Cells)> Rows { get; init; }

    /// <summary>The accepted metamers.</summary>
    public required IReadOnlyList<Guid> Metamers { get; init; }

    /// <summary>Answers that are still missing.</summary>
    public required int Missing { get; init; }

    public static async Task<Recognition> LoadAsync(StudyDb db, Guid campaignId, CancellationToken cancel = default)
    {
        var metamers = await db.SynthesisJobs.Where(j => j.CampaignId == campaignId)
            .Join(db.Stimuli.Where(s => s.Metamer!.MeetsCriteria && s.Metamer.RejectedBecause == null), j => j.MetamerStimulusId, s => s.Id, (j, s) => new { s.Id, s.Category, s.MediaType, s.Metamer!.StageId })
            .ToListAsync(cancel);
        var stageIds = metamers.Select(m => m.StageId).Distinct().ToArray();
        var stages = await db.Stages.Where(s => stageIds.Contains(s.Id)).Join(db.Models, s => s.ModelId, m => m.Id, (s, m) => new { s.Id, s.Position, Name = new StageName(m.Name, s.Name) }).ToListAsync(cancel);
        var models = (await db.Models.AsNoTracking().OrderBy(m => m.Name).ToListAsync(cancel))
            .Where(m => metamers.Exists(x => m.Pipeline.Medium() == MediumWords.MediumOf(x.MediaType) && m.Pipeline.Categories.ContainsKey(x.Category))).ToArray();
        var answers = (await db.SynthesisJobs.Where(j => j.CampaignId == campaignId && j.MetamerStimulusId != null)
            .Join(db.ModelAnswers, j => j.MetamerStimulusId, a => a.StimulusId, (j, a) => new { a.ModelId, a.StimulusId, a.Category }).ToListAsync(cancel))
            .ToDictionary(a => (a.ModelId, a.StimulusId), a => a.Category);
        var missing = 0;
        var rows = stages.OrderBy(s => s.Name.Model, StringComparer.Ordinal).ThenBy(s => s.Position).Select(stage => (stage.Name, models.Select(model =>
        {
            var known = metamers.Where(m => m.StageId == stage.Id && model.Pipeline.Categories.ContainsKey(m.Category)).ToArray();
            var answered = known.Where(m => answers.ContainsKey((model.Id, m.Id))).ToArray();
            missing += known.Length - answered.Length;
            return new RecognitionCell(answered.Count(m => answers[(model.Id, m.Id)] == m.Category), answered.Length);
        }).ToArray())).ToArray();
        return new Recognition { Models = [.. models.Select(m => m.Name)], Rows = rows, Metamers = [.. metamers.Select(m => m.Id)], Missing = missing };
    }
}
