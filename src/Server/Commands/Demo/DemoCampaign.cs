using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using ModelAnswer = PerceptionStudy.Server.Campaigns.ModelAnswer;

namespace PerceptionStudy.Server.Commands.Demo;

/// <summary>The campaign of one demo model as if it had run here: its rows tell what the manifests tell.</summary>
public sealed class DemoCampaign
{
    public required RegisteredModel Model { get; init; }
    public required Campaign Campaign { get; init; }
    public required StimulusSet MetamerSet { get; init; }

    /// <summary>What the manifests know of the model's answers, on natural stimuli and on its own metamers; the others are computed later.</summary>
    public required List<ModelAnswer> Answers { get; init; }

    /// <summary>The largest chance matches that the manifests tell of.</summary>
    public required List<StageNull> Nulls { get; init; }

    /// <exception cref="RefusedException">A metamer comes from another model, or from a stimulus that is not in the demo.</exception>
    public static DemoCampaign Of(RegisteredModel model, StimulusSet naturals, StimulusSet pool, List<DemoMetamer> metamers, DateTimeOffset now)
    {
        if (metamers.Count == 0) throw new RefusedException($"The demo holds no metamers of the model {model.Name}.");
        var (plan, chance) = (metamers[0].Manifest.Plan, metamers[0].Manifest.Chance);
        var set = new StimulusSet { Id = Guid.CreateVersion7(), Name = CampaignPlan.SetNameOf($"demo: {model.Name}"), Kind = StimulusKind.Metamer, Medium = naturals.Medium, Source = $"Campaign demo: {model.Name}", CreatedAt = now };
        var campaign = new Campaign
        {
            Id = Guid.CreateVersion7(), Name = $"demo: {model.Name}", NaturalSetId = naturals.Id, PoolSetId = pool.Id, MetamerSetId = set.Id, Preset = plan.Preset, Steps = metamers.Max(m => m.Manifest.Plan.Steps), Seed = plan.Seed,
            NullPairs = chance?.Pairs ?? 0, NullAugmentation = chance?.Augmentation ?? "none", CreatedAt = now,
        };
        var (byHash, byTensor) = (naturals.Stimuli.ToDictionary(s => s.Sha256), model.Stages.ToDictionary(s => s.Tensor));
        var answers = new Dictionary<Guid, ModelAnswer>();
        var nulls = new Dictionary<Guid, StageNull>();
        foreach (var metamer in metamers)
        {
            var manifest = metamer.Manifest;
            if (manifest.Plan.ModelSha256 != model.Sha256) throw new RefusedException($"The metamer {metamer.Path} was made with another file than {model.FileName}.");
            if (!byHash.TryGetValue(manifest.NaturalSha256, out var natural)) throw new RefusedException($"The metamer {metamer.Path} comes from a stimulus that is not in the demo.");
            if (!byTensor.TryGetValue(manifest.Plan.Tensor, out var stage)) throw new RefusedException($"The metamer {metamer.Path} names the stage {manifest.Plan.Tensor}, which {model.FileName} does not have.");
            var stimulus = DemoFacts.RowOf(set, new DemoStimulus(metamer.Path, natural.Name, natural.Category, metamer.Sha256), manifest.Ended);
            stimulus.Metamer = MetamerStimulus.Of(manifest.Result, metamer.ManifestJson, stimulus.Id, natural.Id, model.Id, stage.Id, manifest.Plan.Preset, manifest.Plan.Seed);
            set.Stimuli.Add(stimulus);
            campaign.Jobs.Add(Job(campaign.Id, model.Id, stage.Id, natural.Id, stimulus.Id, metamer));
            if (manifest.Chance is { } measured) nulls[stage.Id] = Null(model.Id, stage.Id, pool.Id, measured);
            answers[natural.Id] = Answer(model.Id, natural.Id, manifest.NaturalAnswer);
            answers[stimulus.Id] = Answer(model.Id, stimulus.Id, manifest.MetamerAnswer);
        }
        return new DemoCampaign { Model = model, Campaign = campaign, MetamerSet = set, Answers = [.. answers.Values], Nulls = [.. nulls.Values] };
    }

    private static SynthesisJob Job(Guid campaignId, Guid modelId, Guid stageId, Guid naturalId, Guid stimulusId, DemoMetamer metamer)
    {
        var manifest = metamer.Manifest;
        var curve = new LossCurve();
        foreach (var point in manifest.Curve) curve.Add(point.Step, point.Loss);
        return new SynthesisJob
        {
            Id = Guid.CreateVersion7(), CampaignId = campaignId, ModelId = modelId, StageId = stageId, NaturalStimulusId = naturalId, Seed = manifest.Plan.Seed, MetamerStimulusId = stimulusId, State = SynthesisState.Done,
            StepsDone = manifest.Plan.Steps, StepsTotal = manifest.Plan.Steps, Loss = manifest.Result.Loss, LossCurveJson = curve.ToJson(), StartedAt = manifest.Started, EndedAt = manifest.Ended,
            Seconds = manifest.Result.Seconds, Bytes = new FileInfo(metamer.Path).Length + metamer.ManifestJson.Length,
        };
    }

    private static StageNull Null(Guid modelId, Guid stageId, Guid poolId, Synthesis.Metamers.MatchByChance chance) => new()
    {
        Id = Guid.CreateVersion7(), ModelId = modelId, StageId = stageId, PoolSetId = poolId, PoolSha256 = chance.PoolSha256, Augmentation = chance.Augmentation, Pairs = chance.Pairs,
        MaxSpearman = chance.Max.Spearman, MaxPearson = chance.Max.Pearson, MaxPaperSnrDb = chance.Max.PaperSnrDb, Sha256 = StageNull.OnlyLargestKnown,
    };

    private static ModelAnswer Answer(Guid modelId, Guid stimulusId, Synthesis.Hosting.ModelAnswer answer) =>
        new() { ModelId = modelId, StimulusId = stimulusId, Category = answer.Category, ClassIndex = answer.ClassIndex };
}
