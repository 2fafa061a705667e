using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>Reads the picture pipeline from its JSON file; see <see cref="StimulusPipelineFile"/>.</summary>
public static class PicturePipelineFile
{
    internal static readonly string[] Members = ["width", "height", "crop", "cropFraction", "range", "channels", "layout", "mean", "std"];

    /// <summary>Reads and checks.</summary>
    /// <param name="path">The P.json.</param>
    /// <exception cref="SynthesisException">A file is absent or no JSON, is of sounds, or says something that makes no sense; the message names the member.</exception>
    public static PicturePipeline Read(string path) =>
        StimulusPipelineFile.Read(path) as PicturePipeline ?? throw new SynthesisException($"{path} is a pipeline of sounds; here one of pictures is needed.");

    /// <summary>Checks that a pipeline makes sense by itself.</summary>
    /// <exception cref="SynthesisException">It does not; the message names the member.</exception>
    public static void Check(PicturePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        OneOf("crop", pipeline.Crop, "centre-square", "squash");
        OneOf("channels", pipeline.Channels, "rgb", "bgr", "grey");
        OneOf("layout", pipeline.Layout, "nchw", "nhwc");
        var channels = pipeline.Channels == "grey" ? 1 : 3;
        if (pipeline.Width is < 1 or > 4096 || pipeline.Height is < 1 or > 4096)
            throw Wrong("width and height must be 1 to 4096");
        if (!(pipeline.CropFraction is > 0 and <= 1))
            throw Wrong("cropFraction must be above 0 and at most 1, for example 0.875 for the middle 224 of 256 pixels");
        if (pipeline.CropFraction != 1 && pipeline.Crop == "squash")
            throw Wrong("cropFraction belongs to the crop centre-square; leave it out where pictures are squashed");
        if (pipeline.Range is not [var low, var high] || !(low < high))
            throw Wrong("range must be two numbers, the lower first, for example [0,1]");
        if (pipeline.Mean is { } mean && (mean.Length != channels || !mean.All(float.IsFinite)))
            throw Wrong($"mean must be {channels} numbers, one for each channel of {pipeline.Channels}");
        if (pipeline.Std is { } std && (std.Length != channels || std.Any(s => !(s > 0) || !float.IsFinite(s))))
            throw Wrong($"std must be {channels} numbers above 0, one for each channel of {pipeline.Channels}");
        StimulusPipelineFile.CheckCategories(pipeline, Wrong);
    }

    private static void OneOf(string member, string value, params string[] known)
    {
        if (!known.Contains(value))
            throw Wrong($"{member} '{value}' is not known; take {string.Join(" or ", known)}");
    }

    private static SynthesisException Wrong(string why) => new($"The picture pipeline makes no sense: {why}.");
}
