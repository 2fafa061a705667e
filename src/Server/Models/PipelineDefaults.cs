using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Models;

/// <summary>The picture pipeline that a model's input suggests; a person looks at it and corrects it.</summary>
public static class PipelineDefaults
{
    /// <summary>Size, layout and channels from the shape, 224 pixels where the file leaves a side open; range 0 to 1 without mean and deviation.</summary>
    public static PicturePipeline For(ModelInput input)
    {
        var shape = input.Shape;
        if (shape.Length != 4) return new PicturePipeline();
        var last = shape[3] is 1 or 3 && shape[1] is not (1 or 3);
        var (channels, height, width) = last ? (shape[3], shape[1], shape[2]) : (shape[1], shape[2], shape[3]);
        return new PicturePipeline
        {
            Width = Side(width),
            Height = Side(height),
            Layout = last ? "nhwc" : "nchw",
            Channels = channels == 1 ? "grey" : "rgb",
        };
    }

    private static int Side(long side) => side is > 0 and <= 4096 ? (int)side : 224;
}
