using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>What a model file tells about the pictures that it wants.</summary>
/// <param name="Pipeline">The pipeline; where the file is silent, its defaults.</param>
/// <param name="Reasons">What was read where, and what the file does not say: one sentence each.</param>
public sealed record InferredPipeline(PicturePipeline Pipeline, string[] Reasons);

/// <summary>
/// Reads a picture pipeline out of a model file: size, layout and channels from the input's shape and the first nodes, the range from a normalisation that is part
/// of the model, and everything that exporters write into the file's metadata. It is a proposal: only the model's answers to pictures show whether it is right.
/// </summary>
public static class PipelineInference
{
    /// <summary>The pipeline that a file suggests; null if its input is no picture of four dimensions with 1 or 3 channels.</summary>
    /// <param name="graph">The model.</param>
    public static InferredPipeline? Of(OnnxGraph graph)
    {
        ArgumentNullException.ThrowIfNull(graph);
        var shape = graph.DeclaredInput.Shape;
        if (shape.Length != 4 || !(IsChannels(shape[1]) || IsChannels(shape[3])))
            return null;
        var reasons = new List<string>();
        var last = !IsChannels(shape[1]) || (IsChannels(shape[3]) && MovesChannelsFirst(graph));
        var (channels, height, width) = last ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        var metadata = new PipelineMetadata(graph.Metadata);
        var pipeline = new PicturePipeline
        {
            Width = Side(width, metadata.Size?.Width),
            Height = Side(height, metadata.Size?.Height),
            Layout = last ? "nhwc" : "nchw",
            Channels = channels == 1 ? "grey" : "rgb",
        };
        reasons.Add($"The input {graph.DeclaredInput.Name} is {Shapes.Text(shape)}: {(last ? "channels last" : "channels first")}, {pipeline.Width} x {pipeline.Height} pixels, {(channels == 1 ? "grey" : "colour")}.");
        if (height < 0 || width < 0)
            reasons.Add(metadata.Size is null ? "The file leaves the size open; 224 pixels are usual." : "The size is from the file's metadata.");

        if (channels == 3 && metadata.Channels is { } order)
        {
            pipeline = pipeline with { Channels = order };
            reasons.Add($"The order of the channels, {order}, is from the file's metadata.");
        }
        pipeline = Normalised(pipeline, InputNormalisation.Of(graph, last ? 3 : 1, (int)channels), metadata, reasons);
        if (metadata.Classes is { } classes && classes.Length == graph.Tensors[graph.Outputs[^1]].Size)
        {
            pipeline = pipeline with { Classes = classes };
            reasons.Add($"The names of the {classes.Length} classes are from the file's metadata.");
        }
        return new(pipeline, [.. reasons]);
    }

    private static PicturePipeline Normalised(PicturePipeline pipeline, InputNormalisation? inside, PipelineMetadata metadata, List<string> reasons)
    {
        if (inside is not null)
        {
            reasons.Add($"The model itself begins with a normalisation ({inside.Operators}), which takes values of {inside.Range[0]:0.##} to {inside.Range[1]:0.##}; no mean and deviation are needed before it.");
            return pipeline with { Range = inside.Range };
        }
        if (metadata.Mean is { } mean && mean.Length == (pipeline.Channels == "grey" ? 1 : 3))
        {
            float[] range = mean.Any(m => Math.Abs(m) > 1.5) ? [0, 255] : [0, 1];
            reasons.Add($"Mean and standard deviation are from the file's metadata; the mean is one of values from 0 to {range[1]}.");
            return pipeline with { Mean = mean, Std = metadata.Std?.Length == mean.Length ? metadata.Std : null, Range = range };
        }
        if (metadata.Range is { } stated)
        {
            reasons.Add($"The range, {stated[0]} to {stated[1]}, is from the file's metadata.");
            return pipeline with { Range = stated };
        }
        reasons.Add("The file does not say how pixels are scaled: 0 to 1 is assumed. Networks of torchvision and timm usually want ImageNet's mean and deviation besides. Try it on a picture whose answer you know.");
        return pipeline;
    }

    private static bool IsChannels(long dimension) => dimension is 1 or 3;

    private static bool MovesChannelsFirst(OnnxGraph graph) =>
        graph.Nodes.Any(n => n.OpType == "Transpose" && n.Input[0] == graph.Input.Name && n.Ints("perm") is [0, 3, 1, 2]);

    private static int Side(long declared, int? metadata) => declared is > 0 and <= 4096 ? (int)declared : metadata ?? 224;
}
