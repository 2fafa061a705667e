using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The whole way of one metamer: natural activation, synthesis, 8-bit file, measures on that file, manifest.</summary>
/// <param name="sessions">Where models stay warm.</param>
/// <param name="time">Clock.</param>
public sealed class MetamerSynthesis(ModelSessions sessions, TimeProvider time)
{
    /// <summary>Makes a metamer, or goes on with one, or takes a finished one of the same plan and judges it anew (only where a checkpoint is asked for).</summary>
    /// <param name="request">What to make.</param>
    /// <param name="progress">Told where it stands, about four times a second.</param>
    /// <param name="cancel">Stops between two steps; the checkpoint is written first.</param>
    /// <exception cref="SynthesisException">A file cannot be read, the null distribution belongs to something else, or the synthesis breaks down.</exception>
    public MetamerResult Make(SynthesizeMetamer request, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(request);
        ArgumentNullException.ThrowIfNull(progress);
        var started = time.GetUtcNow();
        var preset = MetamerPreset.Named(request.Preset);
        if (request.Steps is < 1)
            throw new SynthesisException("A synthesis needs at least one step.");
        var model = new PictureModel(sessions, request.Model, request.Pipeline, request.Provider);
        var stage = StageCatalog.Find(model.Graph, request.Stage);
        if (!stage.Differentiable)
            throw new SynthesisException($"No metamer can be made at the stage {stage.Name}: {stage.Reason}");
        var pipelineSha = PictureFrontEnd.Sha256(request.Pipeline);
        var chance = request.Null is null ? null : NullDistribution.Read(request.Null);
        var stageChance = chance?.Of(model.Graph.Sha256, pipelineSha, stage.Tensor);

        var naturalPicture = model.Read(request.Natural);
        var natural = Look(model, naturalPicture, stage.Tensor);
        if (natural.Activation.All(a => a == 0))
            throw new SynthesisException($"The stage {stage.Name} is 0 everywhere for {Path.GetFileName(request.Natural)}, so there is nothing to match; take another stage.");

        var plan = new SynthesisPlan(
            model.Graph.Sha256, pipelineSha, naturalPicture.PixelsSha256(), stage.Tensor, preset.Name, request.Steps ?? preset.DefaultSteps, request.Seed, request.Provider);
        var made = (request.Checkpoint is null ? null : Finished(request.Output, plan)) ?? Run(request, model, preset, plan, stage, natural.Activation, progress, cancel);

        var metamerPicture = PictureFile.Read(request.Output);
        var metamer = Look(model, metamerPicture, stage.Tensor);
        var match = ActivationMatch.Measure(natural.Activation, metamer.Activation);
        var reasons = SuccessRule.Reasons(natural.Answer.Category, metamer.Answer.Category, match, stageChance);
        var result = new MetamerResult(
            request.Natural, stage.Name, request.Output, plan.Steps, made.Loss, ActivationMatch.RelativeDistance(natural.Activation, metamer.Activation),
            match.Spearman, match.Pearson, 2 * match.PaperSnrDb, match.PaperSnrDb, natural.Answer.Category, metamer.Answer.Category, reasons.Length == 0, reasons, made.Seconds);
        new MetamerManifest
        {
            Result = result with { Input = Path.GetFileName(result.Input), Output = Path.GetFileName(result.Output) },
            Plan = plan,
            PlanSha256 = plan.Sha256(),
            Pipeline = request.Pipeline with { Classes = null },
            NaturalSha256 = WholeFile.Sha256(request.Natural),
            PngSha256 = WholeFile.Sha256(request.Output),
            PixelsSha256 = metamerPicture.PixelsSha256(),
            NaturalAnswer = natural.Answer,
            MetamerAnswer = metamer.Answer,
            Chance = stageChance is null ? null : new(stageChance.Pairs, chance!.PoolSha256, chance.PoolSize, stageChance.Max, stageChance.P(match), stageChance.Ranks(match), chance.Augmentation),
            Stages = StageMatch.Everywhere(model, stage, naturalPicture, metamerPicture, chance),
            Curve = made.Curve,
            Started = started,
            Ended = time.GetUtcNow(),
            RuntimeVersion = ModelSessions.RuntimeVersion,
        }.Write(MetamerManifest.PathFor(request.Output));
        if (request.Checkpoint is not null)
            File.Delete(request.Checkpoint);
        return result;
    }

    private Made Run(
        SynthesizeMetamer request, PictureModel model, MetamerPreset preset, SynthesisPlan plan, Stage stage, float[] natural,
        Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        var optimizer = new MetamerOptimizer(plan.Sha256(), plan.Steps, request.Checkpoint, time);
        var (width, height) = (request.Pipeline.Width, request.Pipeline.Height);
        var (first, state) = optimizer.Begin(plan.Seed, 3 * width * height, preset.Memories);
        var session = sessions.Session(
            model.Graph, $"step|{plan.PipelineSha256}|{stage.Tensor}|{preset.Name}", request.Provider, () => StepSession.Build(model.Graph, request.Pipeline, stage.Tensor, preset));
        using var step = new StepSession(session, preset, [1, 3, height, width], model.Graph.Tensors[stage.Tensor].Shape, natural, state);
        optimizer.Run(step, first, Report, cancel);
        var picture = step.Picture.ToArray();
        PictureFile.WritePng(Picture.FromTensor(picture, width, height), request.Output);
        // The loop knows each loss before its step; the last picture's is measured here.
        var loss = ActivationMatch.RelativeDistance(natural, model.Compute(picture, stage.Tensor)[0]);
        return new(loss, [.. optimizer.Curve], optimizer.Taken.TotalSeconds);

        void Report(SynthesisProgress where)
        {
            if (request.Preview is not null)
                PictureFile.WritePng(Picture.FromTensor(step.Picture, width, height), request.Preview);
            progress(where);
        }
    }

    private static Made? Finished(string output, SynthesisPlan plan) =>
        MetamerManifest.OfFinished(output, plan.Sha256()) is { } known ? new(known.Result.Loss, known.Curve, known.Result.Seconds) : null;

    private static (float[] Activation, ModelAnswer Answer) Look(PictureModel model, Picture picture, string tensor)
    {
        if (tensor == model.ClassTensor)
        {
            var both = model.Compute(picture.ToTensor(), tensor)[0];
            return (both, DecisionRule.Decide(both, model.Pipeline));
        }
        var values = model.Compute(picture.ToTensor(), tensor, model.ClassTensor);
        return (values[0], DecisionRule.Decide(values[1], model.Pipeline));
    }

    private sealed record Made(double Loss, LossPoint[] Curve, double Seconds);
}
