using System.Security.Cryptography;
using System.Text.Json;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>What a <see cref="FrontEnd"/> does to a picture.</summary>
public static class PictureFrontEnd
{
    // ITU-R BT.601, as Pillow's convert("L") and torchvision's rgb_to_grayscale.
    private static readonly double[] GreyWeights = [0.299, 0.587, 0.114];

    /// <summary>The model's input shape that a pipeline stands for, with batch 1.</summary>
    public static long[] InputShape(PicturePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var channels = Channels(pipeline);
        return pipeline.Layout == "nhwc" ? [1, pipeline.Height, pipeline.Width, channels] : [1, channels, pipeline.Height, pipeline.Width];
    }

    /// <summary>Hash of what decides a model's input (not of classes, categories and decision), lower-case hexadecimal.</summary>
    public static string Sha256(PicturePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        var input = new { pipeline.Width, pipeline.Height, pipeline.Crop, pipeline.Range, pipeline.Channels, pipeline.Layout, pipeline.Mean, pipeline.Std };
        byte[] hashed = JsonSerializer.SerializeToUtf8Bytes(input, HostProtocol.Lines);
        // Pipelines of the whole square keep the hashes that they have had since before there were others.
        if (pipeline.CropFraction != 1)
            hashed = [.. hashed, .. JsonSerializer.SerializeToUtf8Bytes(pipeline.CropFraction)];
        return Convert.ToHexStringLower(SHA256.HashData(hashed));
    }

    /// <summary>Emits the pipeline.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="picture">[N,3,H,W], red, green, blue, 0 to 1.</param>
    /// <param name="pipeline">The pipeline.</param>
    /// <returns>Name of what the model reads.</returns>
    internal static string Emit(GraphBuilder builder, string picture, PicturePipeline pipeline)
    {
        var channels = Channels(pipeline);
        var (scale, shift) = (new double[channels], new double[channels]);
        for (var c = 0; c < channels; c++)
        {
            double low = pipeline.Range[0], high = pipeline.Range[1], mean = pipeline.Mean?[c] ?? 0, std = pipeline.Std?[c] ?? 1;
            (scale[c], shift[c]) = ((high - low) / std, (low - mean) / std);
        }
        var seen = Mixed(builder, picture, pipeline.Channels);
        if (scale.Any(s => s != 1))
            seen = builder.Emit("Mul", [seen, builder.Values("scale", seen, [channels, 1, 1], scale)]);
        if (shift.Any(s => s != 0))
            seen = builder.Emit("Add", [seen, builder.Values("shift", seen, [channels, 1, 1], shift)]);
        if (pipeline.Layout != "nhwc")
            return seen;
        var shape = builder.Shape(seen);
        return builder.Emit("Transpose", [seen], [shape[0], shape[2], shape[3], shape[1]], ("perm", new long[] { 0, 2, 3, 1 }));
    }

    // Swapping or mixing channels is a 1x1 convolution, whose gradient is one too.
    private static string Mixed(GraphBuilder builder, string picture, string order)
    {
        if (order == "rgb")
            return picture;
        double[] weights = order == "grey" ? GreyWeights : [0, 0, 1, 0, 1, 0, 1, 0, 0];
        var channels = weights.Length / 3;
        var shape = builder.Shape(picture);
        return builder.Emit("Conv", [picture, builder.Values("channels", picture, [channels, 3, 1, 1], weights)], [shape[0], channels, shape[2], shape[3]]);
    }

    private static int Channels(PicturePipeline pipeline) => pipeline.Channels == "grey" ? 1 : 3;
}
