using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Gradients;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Generators;

/// <summary>
/// The Jacobian J of a stage by the picture, at one picture, as two products. Jᵀu is the ordinary backward pass from the stage. Jv is the gradient of ⟨Jᵀu, v⟩ by u:
/// the backward pass, a graph of ordinary operators itself, differentiated once more. It is linear in u, so that any u will do.
/// </summary>
internal sealed class StageJacobian : IDisposable
{
    private const string Cotangent = "ps_cotangent", Direction = "ps_direction", Product = "ps_product";
    private readonly InferenceSession backward, forward;
    private readonly OrtValue picture, zeros;
    private readonly long[] pictureShape, stageShape;
    private readonly RunOptions run = new();

    /// <param name="sessions">Where models stay warm.</param>
    /// <param name="graph">The model.</param>
    /// <param name="pipeline">How the picture becomes its input.</param>
    /// <param name="tensor">The stage.</param>
    /// <param name="at">The picture, [3,H,W], 0 to 1.</param>
    /// <param name="provider">ONNX Runtime's execution provider.</param>
    /// <exception cref="ModelFormatException">An operator on the way has no gradient, or its gradient has none.</exception>
    public StageJacobian(ModelSessions sessions, OnnxGraph graph, PicturePipeline pipeline, string tensor, float[] at, string provider)
    {
        var purpose = $"{PictureFrontEnd.Sha256(pipeline)}|{tensor}";
        backward = sessions.Session(graph, $"jacobian-transposed|{purpose}", provider, () => Build(graph, pipeline, tensor, twice: false));
        forward = sessions.Session(graph, $"jacobian|{purpose}", provider, () => Build(graph, pipeline, tensor, twice: true));
        (pictureShape, stageShape) = ([1, 3, pipeline.Height, pipeline.Width], graph.Tensors[tensor].Shape);
        picture = OrtValue.CreateTensorValueFromMemory(at, pictureShape);
        zeros = OrtValue.CreateTensorValueFromMemory(new float[Shapes.Size(stageShape)], stageShape);
    }

    /// <summary>Jv, of the stage's size.</summary>
    /// <param name="v">A direction in the picture's space.</param>
    public float[] Times(float[] v)
    {
        using var direction = OrtValue.CreateTensorValueFromMemory(v, pictureShape);
        using var result = forward.Run(run, [FrontEnd.StimulusName, Cotangent, Direction], [picture, zeros, direction], [Product]);
        return result[0].GetTensorDataAsSpan<float>().ToArray();
    }

    /// <summary>Jᵀu, of the picture's size.</summary>
    /// <param name="u">A direction in the stage's space.</param>
    public float[] TransposedTimes(float[] u)
    {
        using var cotangent = OrtValue.CreateTensorValueFromMemory(u, stageShape);
        using var result = backward.Run(run, [FrontEnd.StimulusName, Cotangent], [picture, cotangent], [Product]);
        return result[0].GetTensorDataAsSpan<float>().ToArray();
    }

    public void Dispose()
    {
        picture.Dispose();
        zeros.Dispose();
        run.Dispose();
    }

    private static ModelProto Build(OnnxGraph graph, PicturePipeline pipeline, string tensor, bool twice)
    {
        var (builder, picture) = FrontEnd.Begin(graph, pipeline, tensor);
        var stage = builder.Tensor(tensor);
        var u = builder.Input(Cotangent, stage.Shape, stage.Type);
        // The stage's own derivative: a silent unit does not react to a small change of the picture.
        var options = new GradientOptions { IdentityReluAtStage = false };
        var product = GradientGraph.Append(builder, graph, picture, tensor, u, options);
        if (twice)
            product = GradientGraph.Append(builder, graph, u, product, builder.Input(Direction, builder.Shape(picture), stage.Type), options);
        builder.Output(product, Product);
        return builder.ToModel();
    }
}
