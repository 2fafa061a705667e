using System.Text.Json;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using Stimulus = PerceptionStudy.Server.Stimuli.Stimulus;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>The row of a finished metamer.</summary>
internal static class MetamerStimulus
{
    public static Stimulus Of(
        MetamerResult result, string manifest, string sha256, Guid setId, string preset, SynthesisJob job, Stimulus natural, StimulusPipeline pipeline, DateTimeOffset now)
    {
        var id = Guid.CreateVersion7();
        var picture = pipeline as PicturePipeline;
        return new Stimulus
        {
            Id = id,
            SetId = setId,
            Name = natural.Name,
            Category = natural.Category,
            Sha256 = sha256,
            MediaType = picture is null ? "audio/wav" : "image/png",
            Width = picture?.Width ?? 0,
            Height = picture?.Height ?? 0,
            Sound = pipeline is SoundPipeline sound ? SoundOf(JsonSerializer.Deserialize<MetamerManifest>(manifest, HostProtocol.Files)!, sound) : null,
            CreatedAt = now,
            Metamer = Of(result, manifest, id, natural.Id, job.ModelId, job.StageId, preset, job.Seed, job.LossLevel),
        };
    }

    /// <summary>Length and level of a metamer of a sound, as its manifest tells.</summary>
    public static SoundFacts SoundOf(MetamerManifest manifest, SoundPipeline pipeline)
    {
        var saved = manifest.Sound!;
        return new SoundFacts
        {
            RateHz = pipeline.RateHz,
            Samples = pipeline.Samples,
            RmsLevel = saved.Rms,
            PeakLevel = saved.Peak,
            LoudnessLufs = saved.LoudnessLufs,
            // Rounding to 16 bits moves a level by far less.
            Note = manifest.Plan.Rms is { } wanted && saved.Rms < 0.999 * wanted ? SoundLevel.Lowered(wanted, saved.Rms) : null,
        };
    }

    public static Metamer Of(MetamerResult result, string manifest, Guid stimulusId, Guid naturalId, Guid modelId, Guid stageId, string preset, int seed, double lossLevel = 0) => new()
    {
        StimulusId = stimulusId,
        NaturalStimulusId = naturalId,
        ModelId = modelId,
        StageId = stageId,
        LossLevel = lossLevel,
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
