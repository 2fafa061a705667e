using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Observers;

namespace PerceptionStudy.Synthesis.Generators;

/// <summary>One of the two models of a controversial stimulus, with the category that it shall see.</summary>
internal sealed class ControversialModel
{
    private readonly ControversialSide side;
    private readonly StimulusModel model;
    private readonly InferenceSession session;
    private readonly int width, height;

    /// <param name="sessions">Where models stay warm.</param>
    /// <param name="side">Model, pipeline, category.</param>
    /// <param name="width">Width of the picture in pixels, which may be another than the pipeline's.</param>
    /// <param name="height">Its height in pixels.</param>
    /// <param name="provider">ONNX Runtime's execution provider.</param>
    /// <exception cref="ModelFormatException">No gradient reaches the picture from the model's scores.</exception>
    public ControversialModel(ModelSessions sessions, ControversialSide side, int width, int height, string provider)
    {
        (this.side, this.width, this.height) = (side, width, height);
        model = new StimulusModel(sessions, side.Model, side.Pipeline, provider);
        Classes = CategoryReadout.ClassesOf(side.Category, side.Pipeline, model.Graph.Tensors[model.ClassTensor].Size);
        session = sessions.Session(
            model.Graph, $"log-odds|{PictureFrontEnd.Sha256(side.Pipeline)}|{width}x{height}|{string.Join(',', Classes)}", provider, () => Build(model.Graph, side.Pipeline, width, height, Classes));
    }

    /// <summary>The classes of the category.</summary>
    public int[] Classes { get; }

    /// <summary>Hash of the model file.</summary>
    public string Sha256 => model.Graph.Sha256;

    /// <summary>The log odds of the category for a picture [3,H,W], and their gradient by the picture.</summary>
    public (float LogOdds, float[] Gradient) Evaluate(float[] picture)
    {
        using var value = OrtValue.CreateTensorValueFromMemory(picture, [1, 3, height, width]);
        using var run = new RunOptions();
        using var results = session.Run(run, [FrontEnd.StimulusName], [value], ["ps_log_odds", "ps_gradient"]);
        return (results[0].GetTensorDataAsSpan<float>()[0], results[1].GetTensorDataAsSpan<float>().ToArray());
    }

    /// <summary>What the model sees in a picture that is saved.</summary>
    public ControversialReadout Read(Picture picture)
    {
        var seen = picture.Fit(side.Pipeline.Width, side.Pipeline.Height, side.Pipeline.Crop);
        var outputs = model.Compute(seen.ToTensor(), model.ClassTensor)[0];
        var probabilities = DecisionRule.Probabilities(outputs);
        return new(side.Category, Classes.Sum(c => probabilities[c]), DecisionRule.Decide(outputs, side.Pipeline));
    }

    private static ModelProto Build(OnnxGraph graph, PicturePipeline pipeline, int width, int height, int[] classes)
    {
        var builder = new GraphBuilder();
        var picture = builder.Input(FrontEnd.StimulusName, [1, 3, height, width], graph.Input.Type);
        var scores = CategoryReadout.ScoresOf(graph);
        FrontEnd.Append(builder, Resized(builder, picture, pipeline), graph, pipeline, scores);
        var logOdds = CategoryReadout.EmitLogOdds(builder, scores, classes);
        builder.Output(GradientGraph.Append(builder, graph, picture, logOdds, builder.Values("one", logOdds, [1, 1], [1])), "ps_gradient");
        builder.Output(logOdds, "ps_log_odds");
        return builder.ToModel();
    }

    // The same resampling as of picture files, as two products with constant matrices, so that the gradient passes it.
    private static string Resized(GraphBuilder builder, string picture, PicturePipeline pipeline)
    {
        var shape = builder.Shape(picture);
        var (height, width) = ((int)shape[2], (int)shape[3]);
        if (height != pipeline.Height)
            picture = builder.Emit("MatMul", [builder.Values("rows", picture, [pipeline.Height, height], CubicResize.Matrix(height, pipeline.Height)), picture], [1, 3, pipeline.Height, width]);
        if (width != pipeline.Width)
        {
            var columns = CubicResize.Matrix(width, pipeline.Width);
            var turned = new double[columns.Length];
            for (var i = 0; i < pipeline.Width; i++)
                for (var k = 0; k < width; k++)
                    turned[k * pipeline.Width + i] = columns[i * width + k];
            picture = builder.Emit("MatMul", [picture, builder.Values("columns", picture, [width, pipeline.Width], turned)], [1, 3, pipeline.Height, pipeline.Width]);
        }
        return picture;
    }
}
