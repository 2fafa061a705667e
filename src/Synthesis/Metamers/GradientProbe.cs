using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Stages;
using Microsoft.ML.OnnxRuntime;

namespace PerceptionStudy.Synthesis.Metamers;

/// <summary>The gradient of the metamer loss at a given point, in the model's own input space, for checks from outside.</summary>
public static class GradientProbe
{
    /// <summary>Computes and writes it.</summary>
    /// <param name="sessions">Where models stay warm.</param>
    /// <param name="request">Model, stage, the two inputs, the file to write. With several inputs at once (batch N), the loss is the sum of theirs.</param>
    /// <exception cref="SynthesisException">A file does not fit.</exception>
    public static GradientResult Compute(ModelSessions sessions, ComputeGradient request)
    {
        ArgumentNullException.ThrowIfNull(sessions);
        ArgumentNullException.ThrowIfNull(request);
        var (shape, natural) = NpyFile.Read(request.Natural);
        var (atShape, at) = NpyFile.Read(request.At);
        if (!shape.SequenceEqual(atShape))
            throw new SynthesisException($"The natural input is {Shapes.Text(shape)} and the point {Shapes.Text(atShape)}; both need the model's input shape.");
        var graph = sessions.Graph(request.Model, shape);
        var stage = StageCatalog.Find(graph, request.Stage);
        if (!stage.Differentiable)
            throw new SynthesisException($"No gradient can be computed at the stage {stage.Name}: {stage.Reason}");

        var choice = ExecutionProvider.Choose(request.Provider);
        var forward = sessions.Session(graph, $"stage|{stage.Tensor}", choice.Provider, () =>
        {
            var builder = GradientGraph.Forward(graph, stage.Tensor);
            builder.Output(stage.Tensor);
            return builder.ToModel();
        });
        var backward = sessions.Session(graph, $"gradient|{stage.Tensor}|{request.IdentityRelu}", choice.Provider, () =>
            GradientGraph.Build(graph, stage.Tensor, new GradientOptions { IdentityReluAtStage = request.IdentityRelu }));
        using var run = new RunOptions();
        using var x0 = OrtValue.CreateTensorValueFromMemory(natural, shape);
        using var x = OrtValue.CreateTensorValueFromMemory(at, shape);
        using var target = forward.Run(run, [graph.Input.Name], [x0], [stage.Tensor]);
        using var results = backward.Run(run, [graph.Input.Name, "target"], [x, target[0]], ["loss", "gradient"]);
        var loss = results[0].GetTensorDataAsSpan<float>().ToArray().Sum(l => (double)l);
        var gradient = results[1].GetTensorDataAsSpan<float>();
        var square = 0d;
        foreach (var value in gradient)
            square += (double)value * value;
        if (!double.IsFinite(loss) || !double.IsFinite(square))
            throw new SynthesisException("The loss or its gradient is not a finite number at this point: the natural activation is 0 everywhere, or values leave the range of float32.");
        NpyFile.Write(request.Output, shape, gradient);
        return new(loss, Math.Sqrt(square), choice.Provider, choice.Note);
    }
}
