using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Bench.Optimisers;

/// <summary>The metamer loss ‖A(x)−A(x0)‖/‖A(x0)‖ of one picture at one stage and its gradient.</summary>
internal sealed class MetamerLoss : IDisposable
{
    private readonly SessionOptions options = new() { IntraOpNumThreads = 1, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
    private readonly InferenceSession forward, session;
    private readonly PicturePipeline pipeline;
    private readonly Dictionary<string, InferenceSession> steps = [];
    private readonly OnnxGraph graph;
    private readonly string stage;
    private readonly long[] shape;
    private readonly OrtValue target;
    private readonly RunOptions run = new();

    /// <param name="graph">The model; its input is the picture, 0 to 1.</param>
    /// <param name="stage">Tensor of the stage.</param>
    /// <param name="natural">The natural picture, [3,H,W].</param>
    public MetamerLoss(OnnxGraph graph, string stage, float[] natural)
    {
        (this.graph, this.stage, shape) = (graph, stage, graph.Input.Shape);
        pipeline = new() { Height = (int)shape[2], Width = (int)shape[3] };
        var builder = GradientGraph.Forward(graph, stage);
        builder.Output(stage);
        forward = new(builder.ToModel().ToByteArray(), options);
        session = new(GradientGraph.Build(graph, stage).ToByteArray(), options);
        target = Activation(natural);
        var values = target.GetTensorDataAsSpan<float>();
        Size = Math.Sqrt(values.ToArray().Sum(v => (double)v * v));
        Values = values.Length;
    }

    /// <summary>Number of pixels times three.</summary>
    public int Length => (int)Shapes.Size(shape);

    /// <summary>Number of values of the stage.</summary>
    public int Values { get; }

    /// <summary>‖A(x0)‖.</summary>
    public double Size { get; }

    /// <summary>One gradient evaluation.</summary>
    /// <param name="x">The picture.</param>
    /// <param name="gradient">Receives the gradient.</param>
    /// <returns>The loss.</returns>
    public double At(float[] x, float[] gradient)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(x, shape);
        using var results = session.Run(run, [graph.Input.Name, "target"], [value, target], ["loss", "gradient"]);
        results[1].GetTensorDataAsSpan<float>().CopyTo(gradient);
        return results[0].GetTensorDataAsSpan<float>()[0];
    }

    /// <summary>The product's own step from the same start to the same target.</summary>
    public StepSession Step(MetamerPreset preset, float[] x)
    {
        if (!steps.TryGetValue(preset.Name, out var step))
            steps[preset.Name] = step = new(StepSession.Build(graph, pipeline, stage, preset).ToByteArray(), options);
        return new(step, "cpu", preset, [1, 3, pipeline.Height, pipeline.Width], graph.Tensors[stage].Shape, target.GetTensorDataAsSpan<float>().ToArray(), [preset.Starts(x)]);
    }

    public void Dispose()
    {
        forward.Dispose();
        session.Dispose();
        foreach (var step in steps.Values)
            step.Dispose();
        options.Dispose();
        target.Dispose();
        run.Dispose();
    }

    private OrtValue Activation(float[] picture)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(picture, shape);
        using var results = forward.Run(run, [graph.Input.Name], [value], [stage]);
        var values = results[0].GetTensorDataAsSpan<float>().ToArray();
        return OrtValue.CreateTensorValueFromMemory(values, graph.Tensors[stage].Shape);
    }
}
