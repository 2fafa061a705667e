using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Observers;

/// <summary>A model with its pipeline: from a stimulus to activations and answers.</summary>
/// <param name="sessions">Where sessions stay warm.</param>
/// <param name="file">The ONNX file.</param>
/// <param name="pipeline">How stimuli become its input and outputs become categories.</param>
/// <param name="provider"><c>cpu</c>, <c>cuda</c> or <c>webgpu</c>: one that <see cref="ExecutionProvider.Choose"/> gave.</param>
public sealed class StimulusModel(ModelSessions sessions, string file, StimulusPipeline pipeline, string provider = "cpu")
{
    /// <summary>The model.</summary>
    public OnnxGraph Graph { get; } = sessions.Graph(file, pipeline);

    /// <summary>The pipeline.</summary>
    public StimulusPipeline Pipeline => pipeline;

    /// <summary>The tensor whose values are the classes: the model's last output.</summary>
    public string ClassTensor => Graph.Outputs[^1];

    /// <summary>Reads a stimulus file and fits it to the pipeline.</summary>
    public Stimulus Read(string path) => pipeline.Read(path);

    /// <summary>Computes tensors of the model for one stimulus.</summary>
    /// <param name="stimulus">Its values, of the pipeline's size.</param>
    /// <param name="tensors">Names of tensors, each once.</param>
    /// <returns>Their values, in the order of the names.</returns>
    public float[][] Compute(float[] stimulus, params string[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var session = sessions.Session(Graph, $"forward|{pipeline.Sha256()}|{string.Join('|', tensors)}", provider, () =>
        {
            var (builder, _) = FrontEnd.Begin(Graph, pipeline, tensors);
            foreach (var tensor in tensors)
                builder.Output(tensor);
            return builder.ToModel();
        });
        using var value = OrtValue.CreateTensorValueFromMemory(stimulus, pipeline.StimulusShape);
        using var run = new RunOptions();
        using var results = session.Run(run, session.InputNames, [value], tensors);
        return [.. results.Select(r => r.GetTensorDataAsSpan<float>().ToArray())];
    }

    /// <summary>The model's answer to the forced-choice question for a stimulus.</summary>
    public ModelAnswer Answer(Stimulus stimulus)
    {
        ArgumentNullException.ThrowIfNull(stimulus);
        return DecisionRule.Decide(Compute(stimulus.ToTensor(), ClassTensor)[0], pipeline);
    }
}
