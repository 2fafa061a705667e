using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Bench.GradientStep;

/// <summary>One step of feather2023 with the product's own graph and session, as the product makes metamers on a CPU: one picture uses all threads, of several each has one.</summary>
public sealed class OrtStep : IDisposable
{
    private const string Preset = "feather2023";
    private readonly ModelSessions sessions;
    private readonly StepSession[] steps;
    private readonly ParallelOptions parallel;

    /// <param name="graph">The model for one picture.</param>
    /// <param name="stage">The stage's tensor.</param>
    /// <param name="pipeline">How pictures become its input.</param>
    /// <param name="threads">Threads in all.</param>
    /// <param name="natural">[N,3,H,W].</param>
    /// <param name="start">[N,3,H,W].</param>
    public OrtStep(OnnxGraph graph, string stage, PicturePipeline pipeline, int threads, float[] natural, float[] start)
    {
        var length = 3 * pipeline.Height * pipeline.Width;
        var pictures = natural.Length / length;
        (sessions, parallel) = (new ModelSessions(threads), new() { MaxDegreeOfParallelism = threads });
        var preset = MetamerPreset.Named(Preset);
        var session = sessions.Session(graph, "step", "cpu", () => StepSession.Build(graph, pipeline, stage, preset), pictures > 1 ? 1 : null);
        steps = [.. Enumerable.Range(0, pictures).Select(i => new StepSession(
            session, "cpu", preset, [1, 3, pipeline.Height, pipeline.Width], graph.Tensors[stage].Shape, Target(graph, stage, pipeline, natural.AsMemory(i * length, length)),
            [preset.Starts(start[(i * length)..((i + 1) * length)])]))];
    }

    /// <summary>The pictures as they stand, [N,3,H,W].</summary>
    public float[] Picture => [.. steps.SelectMany(s => s.StateOf(0, 0).ToArray())];

    /// <returns>The loss before the step, all pictures' summed.</returns>
    public float Do(float stepLength)
    {
        if (steps is [var only])
            Do(only, stepLength);
        else
            Parallel.ForEach(steps, parallel, step => Do(step, stepLength));
        return steps.Sum(s => s.LossOf(0).Loss);
    }

    public void Dispose()
    {
        foreach (var step in steps)
            step.Dispose();
        sessions.Dispose();
    }

    private static void Do(StepSession step, float stepLength)
    {
        step.ScalarsOf(0).Fill(stepLength);
        step.Do(toHost: true);
    }

    private float[] Target(OnnxGraph graph, string stage, PicturePipeline pipeline, Memory<float> picture)
    {
        var forward = sessions.Session(graph, "forward", "cpu", () =>
        {
            var (builder, _) = FrontEnd.Begin(graph, pipeline, stage);
            builder.Output(stage);
            return builder.ToModel();
        });
        using var run = new RunOptions();
        using var input = OrtValue.CreateTensorValueFromMemory(OrtMemoryInfo.DefaultInstance, picture, graph.Input.Shape);
        using var output = forward.Run(run, [FrontEnd.StimulusName], [input], [stage]);
        return output[0].GetTensorDataAsSpan<float>().ToArray();
    }
}
