using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The whole way of metamers: natural activation, synthesis, the file that is kept, measures on that file, manifest.</summary>
/// <param name="sessions">Where models stay warm.</param>
/// <param name="time">Clock.</param>
public sealed class MetamerSynthesis(ModelSessions sessions, TimeProvider time)
{
    /// <summary>Makes a metamer, or goes on with one, or takes a finished one of the same plan and judges it anew (only where a checkpoint is asked for).</summary>
    /// <param name="request">What to make.</param>
    /// <param name="progress">Told where it stands, about four times a second.</param>
    /// <param name="cancel">Stops between two steps; the checkpoint is written first.</param>
    /// <exception cref="SynthesisException">A file cannot be read, the null distribution belongs to something else, or the synthesis breaks down.</exception>
    public MetamerResult Make(SynthesizeMetamer request, Action<SynthesisProgress> progress, CancellationToken cancel) => MakeTogether([request], progress, cancel)[0];

    /// <summary>The same for metamers of one model and stage that differ in picture, seed and files only; on a GPU they go through each step together, on a CPU each has a thread of its own.</summary>
    /// <param name="requests">What to make; at least one.</param>
    /// <param name="progress">Told where each stands.</param>
    /// <param name="cancel">Stops between two steps; the checkpoints are written first.</param>
    /// <exception cref="SynthesisException">As for one; or the requests do not fit together.</exception>
    public MetamerResult[] MakeTogether(IReadOnlyList<SynthesizeMetamer> requests, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        ArgumentNullException.ThrowIfNull(requests);
        ArgumentNullException.ThrowIfNull(progress);
        if (requests.Select(r => (r.Model, r.Pipeline.Sha256(), r.Stage, r.Preset, r.Provider, r.IdentityRelu, r.TimeLimitSeconds)).Distinct().Count() != 1)
            throw new SynthesisException("Metamers that are made together need the same model, pipeline, stage, preset, provider and time limit.");
        var common = requests[0];
        var preset = MetamerPreset.Named(common.Preset);
        if (requests.Any(r => r.Steps is < 1))
            throw new SynthesisException("A synthesis needs at least one step.");
        if (requests.Any(r => r.Rms is not (null or (> 0 and < 1)) || (r.Rms is not null && r.Pipeline is not SoundPipeline)))
            throw new SynthesisException("A level (RMS) is for sounds, above 0 and below 1.");
        if (requests.Any(r => r.LossLevel is not (null or (> 0 and < 1))))
            throw new SynthesisException("A loss level is a fraction of the loss at the start, above 0 and below 1.");
        var choice = ExecutionProvider.Choose(common.Provider);
        var model = new StimulusModel(sessions, common.Model, common.Pipeline, choice.Provider);
        var stage = StageCatalog.Find(model.Graph, common.Stage);
        if (!stage.Differentiable)
            throw new SynthesisException($"No metamer can be made at the stage {stage.Name}: {stage.Reason}");
        Work[] works = [.. requests.Select((r, i) => Begin(i, r, model, preset, choice, stage))];
        RunAll([.. works.Where(w => w.Made is null)], choice.Provider, model, preset, stage, progress, cancel);
        return [.. works.Select(w => Judge(w, model, stage))];
    }

    /// <summary>How well a metamer from elsewhere matches, measured as one that is made here.</summary>
    internal static MatchResult MatchOf(StimulusModel model, MeasureMatch request)
    {
        var stage = StageCatalog.Find(model.Graph, request.Stage);
        var (natural, metamer) = (Look(model, model.Read(request.Natural), stage.Tensor), Look(model, model.Read(request.Metamer), stage.Tensor));
        return new(
            ActivationMatch.Measure(natural.Activation, metamer.Activation), ActivationMatch.RelativeDistance(natural.Activation, metamer.Activation),
            natural.Answer.Category, metamer.Answer.Category);
    }

    private Work Begin(int index, SynthesizeMetamer request, StimulusModel model, MetamerPreset preset, ProviderChoice choice, Stage stage)
    {
        var started = time.GetUtcNow();
        var pipelineSha = request.Pipeline.Sha256();
        var chance = request.Null is null ? null : NullDistribution.Read(request.Null);
        chance?.Of(model.Graph.Sha256, pipelineSha, stage.Tensor);
        var naturalStimulus = model.Read(request.Natural);
        var natural = Look(model, naturalStimulus, stage.Tensor);
        if (natural.Activation.All(a => a == 0))
            throw new SynthesisException($"The stage {stage.Name} is 0 everywhere for {Path.GetFileName(request.Natural)}, so there is nothing to match; take another stage.");
        var plan = new SynthesisPlan(
            model.Graph.Sha256, pipelineSha, naturalStimulus.ContentSha256(), stage.Tensor, preset.Name,
            request.Steps ?? preset.DefaultSteps, request.Seed, choice.Provider, preset.Parameters, request.IdentityRelu, request.Rms, request.LossLevel);
        if (request.Afresh)
            Forget(request);
        var made = request.Checkpoint is not null && MetamerManifest.OfFinished(request.Output, plan.Sha256()) is { } known
            ? new Made(known.Result.Loss, known.Result.GradientEvaluations, known.Result.Ended, known.Restarts, known.Together, known.Curve, known.Result.Seconds)
            : null;
        return new(index, request, plan, choice.Note, started, naturalStimulus, natural.Activation, natural.Answer, chance) { Made = made };
    }

    private static void Forget(SynthesizeMetamer request)
    {
        if (request.Checkpoint is not null)
            File.Delete(request.Checkpoint);
        File.Delete(MetamerManifest.PathFor(request.Output));
    }

    private void RunAll(Work[] works, string provider, StimulusModel model, MetamerPreset preset, Stage stage, Action<SynthesisProgress> progress, CancellationToken cancel) =>
        BatchHalving.Run(
            works,
            part =>
            {
                var runs = provider == "cpu" ? RunApart(part, preset, stage, progress, cancel) : Optimise(part, StepFor(part[0], part.Length, preset, stage), preset, progress, cancel);
                for (var i = 0; i < part.Length; i++)
                    Finish(part[i], runs[i], provider == "cpu" ? 1 : part.Length, model, stage);
            },
            sessions.Forget,
            $"The memory of the device ({provider}) does not hold one step of this model at {stage.Name}; take an earlier stage, a smaller input or --provider cpu.");

    // The threads of one operator wait for each other; each with a picture of its own, they do not.
    private MetamerRun[] RunApart(Work[] works, MetamerPreset preset, Stage stage, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        var step = StepFor(works[0], 1, preset, stage, threadsOfOne: works.Length > 1 ? 1 : null);
        var (runs, reporting) = (new MetamerRun[works.Length], new Lock());
        ThreadEach.Run(works.Length, sessions.Threads ?? Environment.ProcessorCount, (i, stop) => runs[i] = Optimise([works[i]], step, preset, Report, stop)[0], cancel);
        return runs;

        void Report(SynthesisProgress where)
        {
            lock (reporting)
                progress(where);
        }
    }

    private (InferenceSession Session, long[] TargetShape) StepFor(Work work, int pictures, MetamerPreset preset, Stage stage, int? threadsOfOne = null)
    {
        var (request, plan) = (work.Request, work.Plan);
        var graph = sessions.Graph(request.Model, request.Pipeline, pictures);
        var options = new GradientOptions { IdentityReluAtStage = request.IdentityRelu };
        var session = sessions.Session(
            graph, $"step|{plan.PipelineSha256}|{stage.Tensor}|{preset.Name}|{request.IdentityRelu}", plan.Provider,
            () => StepSession.Build(graph, request.Pipeline, stage.Tensor, preset, options), threadsOfOne);
        return (session, graph.Tensors[stage.Tensor].Shape);
    }

    private MetamerRun[] Optimise(
        Work[] works, (InferenceSession Session, long[] TargetShape) graph, MetamerPreset preset, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        var common = works[0].Request;
        var pipeline = common.Pipeline;
        var runs = works.Select(w => new MetamerRun(w.Plan, preset, start => pipeline.Start(NoiseSource.SeedOfStart(w.Plan.Seed, start)), w.Request.Checkpoint)).ToArray();
        using var step = new StepSession(
            graph.Session, works[0].Plan.Provider, preset, pipeline.StimulusShape.With(0, works.Length), graph.TargetShape, [.. works.SelectMany(w => w.Natural)],
            [.. runs.Select(r => r.Begin())]);
        var limit = common.TimeLimitSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : default(TimeSpan?);
        new MetamerOptimizer(runs, time, TimeSpan.FromSeconds(common.CheckpointSeconds), limit).Run(step, Report, cancel);
        return runs;

        void Report(int i, SynthesisProgress where)
        {
            if (works[i].Request.Preview is { } preview)
                pipeline.FromTensor(runs[i].Picture ?? runs[i].PictureNow(step, i)).Write(preview);
            progress(where with { Metamer = works[i].Index });
        }
    }

    private static void Finish(Work work, MetamerRun run, int together, StimulusModel model, Stage stage)
    {
        var picture = work.Request.LossLevel is { } level && run.PictureBefore is { } before
            ? LossLevelPicture.Between(before, run.Picture!, level * run.Curve[0].Loss, p => ActivationMatch.RelativeDistance(work.Natural, model.Compute(p, stage.Tensor)[0]))
            : run.Picture!;
        Levelled(work.Request.Pipeline.FromTensor(picture), work.Request.Rms).Write(work.Request.Output);
        // The loop knows each loss before its step; the last picture's is measured here.
        var loss = ActivationMatch.RelativeDistance(work.Natural, model.Compute(picture, stage.Tensor)[0]);
        work.Made = new(loss, run.Step, run.Ended!, run.Restarts, together, [.. run.Curve], run.Taken.TotalSeconds);
    }

    private static Stimulus Levelled(Stimulus made, double? rms) => made is Sound sound && rms is { } level ? SoundLevel.At(sound, level).Sound : made;

    private MetamerResult Judge(Work work, StimulusModel model, Stage stage)
    {
        var (request, plan, made, chance) = (work.Request, work.Plan, work.Made!, work.Chance);
        var stageChance = chance?.Of(plan.ModelSha256, plan.PipelineSha256, stage.Tensor);
        var saved = model.Read(request.Output);
        var metamer = Look(model, saved, stage.Tensor);
        var match = ActivationMatch.Measure(work.Natural, metamer.Activation);
        var lossOfSavedFile = ActivationMatch.RelativeDistance(work.Natural, metamer.Activation);
        var reasons = request.LossLevel is { } level
            ? LossLevelRule.Reasons(level, lossOfSavedFile / made.Curve[0].Loss)
            : SuccessRule.Reasons(work.NaturalAnswer.Category, metamer.Answer.Category, match, stageChance);
        var result = new MetamerResult(
            request.Natural, stage.Name, request.Output, made.GradientEvaluations, made.Loss, lossOfSavedFile,
            match.Spearman, match.Pearson, 2 * match.PaperSnrDb, match.PaperSnrDb, work.NaturalAnswer.Category, metamer.Answer.Category, reasons.Length == 0, reasons, made.Seconds, made.Ended, plan.Provider, work.ProviderNote);
        new MetamerManifest
        {
            Result = result with { Input = Path.GetFileName(result.Input), Output = Path.GetFileName(result.Output) },
            Plan = plan,
            PlanSha256 = plan.Sha256(),
            Pipeline = request.Pipeline with { Classes = null },
            NaturalSha256 = WholeFile.Sha256(request.Natural),
            PngSha256 = saved is Picture ? WholeFile.Sha256(request.Output) : null,
            PixelsSha256 = saved is Picture ? saved.ContentSha256() : null,
            Sound = saved is Sound sound ? SavedSound.Of(sound, (Sound)work.NaturalStimulus, request.Output) : null,
            NaturalAnswer = work.NaturalAnswer,
            MetamerAnswer = metamer.Answer,
            Chance = stageChance is null ? null : new(stageChance.Pairs, chance!.PoolSha256, chance.PoolSize, stageChance.Max, stageChance.P(match), stageChance.Ranks(match), chance.Augmentation),
            Stages = StageMatch.Everywhere(model, stage, work.NaturalStimulus, saved, chance),
            Curve = made.Curve,
            Restarts = made.Restarts,
            Together = made.Together,
            Started = work.Started,
            Ended = time.GetUtcNow(),
            RuntimeVersion = ModelSessions.RuntimeVersion,
        }.Write(MetamerManifest.PathFor(request.Output));
        if (request.Checkpoint is not null)
            File.Delete(request.Checkpoint);
        return result;
    }

    private static (float[] Activation, ModelAnswer Answer) Look(StimulusModel model, Stimulus stimulus, string tensor)
    {
        if (tensor == model.ClassTensor)
        {
            var both = model.Compute(stimulus.ToTensor(), tensor)[0];
            return (both, DecisionRule.Decide(both, model.Pipeline));
        }
        var values = model.Compute(stimulus.ToTensor(), tensor, model.ClassTensor);
        return (values[0], DecisionRule.Decide(values[1], model.Pipeline));
    }

    private sealed record Work(
        int Index, SynthesizeMetamer Request, SynthesisPlan Plan, string? ProviderNote, DateTimeOffset Started, Stimulus NaturalStimulus, float[] Natural,
        ModelAnswer NaturalAnswer, NullDistribution? Chance)
    {
        public Made? Made { get; set; }
    }

    private sealed record Made(double Loss, int GradientEvaluations, string Ended, int Restarts, int Together, LossPoint[] Curve, double Seconds);
}
