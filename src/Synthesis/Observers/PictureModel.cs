using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Observers;

/// <summary>A model with its picture pipeline: from a picture to activations and answers.</summary>
/// <param name="sessions">Where sessions stay warm.</param>
/// <param name="file">The ONNX file.</param>
/// <param name="pipeline">How pictures become its input and outputs become categories.</param>
/// <param name="provider"><c>cpu</c>, <c>cuda</c> or <c>webgpu</c>: one that <see cref="ExecutionProvider.Choose"/> gave.</param>
public sealed class PictureModel(ModelSessions sessions, string file, PicturePipeline pipeline, string provider = "cpu")
{
    /// <summary>The model.</summary>
    public OnnxGraph Graph { get; } = sessions.Graph(file, pipeline);

    /// <summary>The pipeline.</summary>
    public PicturePipeline Pipeline => pipeline;

    /// <summary>The tensor whose values are the classes: the model's last output.</summary>
    public string ClassTensor => Graph.Outputs[^1];

    /// <summary>Reads a picture file and fits it to the pipeline.</summary>
    public Picture Read(string path) => PictureFile.Read(path).Fit(pipeline.Width, pipeline.Height, pipeline.Crop, pipeline.CropFraction);

    /// <summary>Computes tensors of the model for one picture.</summary>
    /// <param name="picture">[3,H,W], 0 to 1.</param>
    /// <param name="tensors">Names of tensors, each once.</param>
    /// <returns>Their values, in the order of the names.</returns>
    public float[][] Compute(float[] picture, params string[] tensors)
    {
        ArgumentNullException.ThrowIfNull(tensors);
        var session = sessions.Session(Graph, $"forward|{PictureFrontEnd.Sha256(pipeline)}|{string.Join('|', tensors)}", provider, () =>
        {
            var (builder, _) = PictureFrontEnd.Begin(Graph, pipeline, tensors);
            foreach (var tensor in tensors)
                builder.Output(tensor);
            return builder.ToModel();
        });
        using var value = OrtValue.CreateTensorValueFromMemory(picture, [1, 3, pipeline.Height, pipeline.Width]);
        using var run = new RunOptions();
        using var results = session.Run(run, session.InputNames, [value], tensors);
        return [.. results.Select(r => r.GetTensorDataAsSpan<float>().ToArray())];
    }

    /// <summary>The model's answer to the forced-choice question for a picture.</summary>
    public ModelAnswer Answer(Picture picture)
    {
        ArgumentNullException.ThrowIfNull(picture);
        return DecisionRule.Decide(Compute(picture.ToTensor(), ClassTensor)[0], pipeline);
    }
}
