using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>Finds what cannot work in a picture pipeline before anything runs with it.</summary>
public static class PipelineCheck
{
    /// <summary>One sentence for each fault; none if the pipeline can be used.</summary>
    public static IEnumerable<string> Problems(PicturePipeline pipeline, long outputs)
    {
        if (pipeline.Width is < 1 or > 4096 || pipeline.Height is < 1 or > 4096) yield return "Width and height must be between 1 and 4096 pixels.";
        if (pipeline.Crop is not ("centre-square" or "squash")) yield return $"Crop is centre-square or squash, not {pipeline.Crop}.";
        if (pipeline.Channels is not ("rgb" or "bgr" or "grey")) yield return $"Channels are rgb, bgr or grey, not {pipeline.Channels}.";
        if (pipeline.Layout is not ("nchw" or "nhwc")) yield return $"Layout is nchw or nhwc, not {pipeline.Layout}.";
        if (pipeline.Decision is not ("first-hit" or "mean-probability")) yield return $"Decision is first-hit or mean-probability, not {pipeline.Decision}.";
        if (pipeline.Range is not [var low, var high] || !(low < high)) yield return "Range needs two numbers, the lower first, for example 0 and 1.";

        var channels = pipeline.Channels == "grey" ? 1 : 3;
        if (pipeline.Mean is { } mean && mean.Length != channels) yield return $"Mean needs {channels} number{Plural(channels)}, one for each channel.";
        if (pipeline.Std is { } std && std.Length != channels) yield return $"Standard deviation needs {channels} number{Plural(channels)}, one for each channel.";
        if (pipeline.Std is { } deviations && deviations.Any(d => !(d > 0))) yield return "Each standard deviation must be above 0.";

        if (pipeline.Classes is { } classes && classes.Length != outputs)
            yield return $"The model has {outputs} outputs, but {classes.Length} class names are given.";
        foreach (var (category, indices) in pipeline.Categories)
        {
            if (indices.Length == 0) yield return $"Category {category} has no class.";
            if (indices.Any(i => i < 0 || i >= outputs)) yield return $"Category {category} names class {indices.First(i => i < 0 || i >= outputs)}, but the model's outputs are 0 to {outputs - 1}.";
        }
        foreach (var twice in pipeline.Categories.SelectMany(c => c.Value.Distinct().Select(i => (Class: i, Category: c.Key))).GroupBy(p => p.Class).Where(g => g.Count() > 1))
            yield return $"Class {twice.Key} belongs to {string.Join(" and to ", twice.Select(p => p.Category))}: it can belong to one category only.";
    }

    private static string Plural(int count) => count == 1 ? "" : "s";
}
