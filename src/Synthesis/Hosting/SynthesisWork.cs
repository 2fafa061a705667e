using PerceptionStudy.Synthesis.Criteria;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Generators;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;
using PerceptionStudy.Synthesis.Observers;
using PerceptionStudy.Synthesis.Stages;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>What a synthesis host does for each kind of request.</summary>
/// <param name="threads">Threads for one operator; null leaves ONNX Runtime's own choice.</param>
/// <param name="time">Clock for time stamps and the rate of progress messages.</param>
internal sealed class SynthesisWork(int? threads, TimeProvider time) : IDisposable
{
    private readonly ModelSessions sessions = new(threads);

    public object Do(SynthesisRequest request, Action<SynthesisProgress> progress, CancellationToken cancel) => request switch
    {
        InspectModel inspect => Inspect(inspect),
        PreparePicture prepare => PicturePreparation.Prepare(prepare),
        PrepareSound prepare => SoundPreparation.Prepare(prepare),
        ReadSound read => SoundPreparation.Read(read),
        MakeThumbnail make => Thumbnail.Make(make),
        ObserveStimuli observe => Observe(observe, progress, cancel),
        MeasureMatch measure => MetamerSynthesis.MatchOf(new StimulusModel(sessions, measure.Model, measure.Pipeline), measure),
        MeasureNull measure => new NullMeasurement(sessions, time).Measure(measure, progress, cancel),
        SynthesizeMetamer synthesize => new MetamerSynthesis(sessions, time).Make(synthesize, progress, cancel),
        SynthesizeMetamers { Metamers.Length: > 0 } several => new MetamerResults(new MetamerSynthesis(sessions, time).MakeTogether(several.Metamers, progress, cancel)),
        ChooseProvider choose => ExecutionProvider.Choose(choose.Wish),
        ComputeGradient compute => GradientProbe.Compute(sessions, compute),
        SynthesizeControversial synthesize => new ControversialSynthesis(sessions, time).Make(synthesize, progress, cancel),
        ComputeEigendistortions compute => new Eigendistortions(sessions, time).Compute(compute, progress, cancel),
        _ => throw new SynthesisException($"This synthesis host does not know the request {request.GetType().Name}."),
    };

    public void Dispose() => sessions.Dispose();

    private ModelDescription Inspect(InspectModel request)
    {
        var graph = sessions.Graph(request.Model);
        return new(
            graph.Sha256, graph.Opset, [new(graph.DeclaredInput.Name, graph.DeclaredInput.TypeName, graph.DeclaredInput.Shape)],
            [.. StageCatalog.List(graph).Select(s => new ModelStageDescription(s.Name, s.Tensor, s.OpType, s.Shape, s.Size, s.Differentiable, s.Reason, s.Proposed, s.RelativeSize))],
            graph.Tensors[graph.Outputs[^1]].Size, PipelineInference.Of(graph), SoundInference.Of(graph));
    }

    private ModelAnswers Observe(ObserveStimuli request, Action<SynthesisProgress> progress, CancellationToken cancel)
    {
        var model = new StimulusModel(sessions, request.Model, request.Pipeline);
        var answers = new ModelAnswer[request.Stimuli.Length];
        for (var i = 0; i < answers.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            answers[i] = model.Answer(model.Read(request.Stimuli[i]));
            if (i % 16 == 15)
                progress(new(i + 1, answers.Length, 0, 0));
        }
        return new(answers);
    }
}
