using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>The row of a finished metamer.</summary>
internal static class MetamerStimulus
{
    public static Stimulus Of(
        MetamerResult result, string manifest, string sha256, Guid setId, string preset, SynthesisJob job, Stimulus natural, RegisteredModel model, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        return new Stimulus
        {
            Id = id,
            SetId = setId,
            Name = natural.Name,
            Category = natural.Category,
            Sha256 = sha256,
            MediaType = "image/png",
            Width = model.Pipeline.Width,
            Height = model.Pipeline.Height,
            CreatedAt = now,
            Metamer = Of(result, manifest, id, natural.Id, model.Id, job.StageId, preset, job.Seed),
        };
    }

    public static Metamer Of(MetamerResult result, string manifest, Guid stimulusId, Guid naturalId, Guid modelId, Guid stageId, string preset, int seed) => new()
    {
        StimulusId = stimulusId,
        NaturalStimulusId = naturalId,
        ModelId = modelId,
        StageId = stageId,
        Preset = preset,
        Seed = seed,
        GradientEvaluations = result.GradientEvaluations,
        Loss = result.Loss,
        LossOfSavedFile = result.LossOfSavedFile,
        Spearman = result.Spearman,
        Pearson = result.Pearson,
        SnrDb = result.SnrDb,
        PaperSnrDb = result.PaperSnrDb,
        NaturalClass = result.NaturalClass,
        MetamerClass = result.MetamerClass,
        MeetsCriteria = result.Accepted,
        Reasons = string.Join('\n', result.Reasons),
        ManifestJson = manifest,
    };
}
