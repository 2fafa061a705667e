using System.Text.Json;
using System.Text.Json.Nodes;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// Reads the picture pipeline from its JSON file (the P.json of the command line). <c>classes</c> may be the array of names or the path of a
/// JSON file that holds the array, <c>categories</c> the map or the path of a file that holds it; paths count from the P.json's own folder.
/// </summary>
public static class PicturePipelineFile
{
    private static readonly string[] Members =
        ["width", "height", "crop", "cropFraction", "range", "channels", "layout", "mean", "std", "classes", "categories", "decision"];

    /// <summary>Reads and checks.</summary>
    /// <param name="path">The P.json.</param>
    /// <exception cref="SynthesisException">A file is absent or no JSON, or says something that makes no sense; the message names the member.</exception>
    public static PicturePipeline Read(string path)
    {
        var root = Parse(path) as JsonObject ?? throw new SynthesisException($"{path} is not a picture pipeline: it must be one JSON object.");
        foreach (var (member, _) in root)
            if (!Members.Contains(member))
                throw new SynthesisException($"{path} has a member '{member}' that no picture pipeline has; there are {string.Join(", ", Members)}.");
        foreach (var member in new[] { "classes", "categories" })
            if (root[member] is JsonValue value && value.TryGetValue<string>(out var beside))
                root[member] = Parse(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, beside));
        PicturePipeline pipeline;
        try
        {
            pipeline = root.Deserialize<PicturePipeline>(HostProtocol.Lines)!;
        }
        catch (JsonException e)
        {
            throw new SynthesisException($"{path} is not a picture pipeline: {e.Path?.TrimStart('$', '.')} has a value of the wrong kind.", e);
        }
        Check(pipeline);
        return pipeline;
    }

    /// <summary>Checks that a pipeline makes sense by itself.</summary>
    /// <exception cref="SynthesisException">It does not; the message names the member.</exception>
    public static void Check(PicturePipeline pipeline)
    {
        ArgumentNullException.ThrowIfNull(pipeline);
        OneOf("crop", pipeline.Crop, "centre-square", "squash");
        OneOf("channels", pipeline.Channels, "rgb", "bgr", "grey");
        OneOf("layout", pipeline.Layout, "nchw", "nhwc");
        OneOf("decision", pipeline.Decision, "first-hit", "mean-probability");
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
        foreach (var (category, classes) in pipeline.Categories)
            if (category.Length == 0 || classes is null || classes.Length == 0 || classes.Any(index => index < 0))
                throw Wrong($"the category '{category}' must have a name and at least one class, counted from 0");
        var twice = pipeline.Categories.SelectMany(c => c.Value.Select(index => (index, c.Key))).GroupBy(c => c.index).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw Wrong($"class {twice.Key} belongs to more than one category ({string.Join(", ", twice.Select(c => c.Key))})");
    }

    private static JsonNode? Parse(string path)
    {
        if (!File.Exists(path))
            throw new SynthesisException($"There is no file {path}.");
        try
        {
            return JsonNode.Parse(File.ReadAllBytes(path), documentOptions: new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        }
        catch (JsonException e)
        {
            throw new SynthesisException($"{path} is not JSON: {e.Message}", e);
        }
    }

    private static void OneOf(string member, string value, params string[] known)
    {
        if (!known.Contains(value))
            throw Wrong($"{member} '{value}' is not known; take {string.Join(" or ", known)}");
    }

    private static SynthesisException Wrong(string why) => new($"The picture pipeline makes no sense: {why}.");
}
