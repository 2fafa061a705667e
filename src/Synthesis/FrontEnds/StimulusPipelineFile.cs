using System.Text.Json;
using System.Text.Json.Nodes;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.FrontEnds;

/// <summary>
/// Reads a pipeline from its JSON file (the P.json of the command line): one of sounds if its <c>kind</c> is <c>sound</c>, else one of pictures. <c>classes</c> may be the array of names
/// or the path of a JSON file that holds the array, <c>categories</c> the map or the path of a file that holds it; paths count from the P.json's own folder.
/// </summary>
public static class StimulusPipelineFile
{
    private static readonly string[] Common = ["kind", "classes", "categories", "decision"];

    /// <summary>Reads and checks.</summary>
    /// <param name="path">The P.json.</param>
    /// <exception cref="SynthesisException">A file is absent or no JSON, or says something that makes no sense; the message names the member.</exception>
    public static StimulusPipeline Read(string path)
    {
        var root = Parse(path) as JsonObject ?? throw new SynthesisException($"{path} is not a picture or sound pipeline: it must be one JSON object.");
        StimulusPipeline pipeline = KindOf(root) switch
        {
            null or "picture" => Deserialized<PicturePipeline>(root, path, "picture", PicturePipelineFile.Members),
            SoundPipeline.Word => Deserialized<SoundPipeline>(root, path, "sound", ["rateHz", "samples", "cochleagram", "shape"]),
            var other => throw new SynthesisException($"{path} has the kind '{other}'; take picture or sound."),
        };
        pipeline.Check();
        return pipeline;
    }

    /// <summary>What the member <c>kind</c> says; null if there is none.</summary>
    internal static string? KindOf(JsonObject pipeline) => pipeline["kind"]?.ToString();

    /// <summary>Checks what all pipelines have.</summary>
    internal static void CheckCategories(StimulusPipeline pipeline, Func<string, SynthesisException> wrong)
    {
        if (pipeline.Decision is not ("first-hit" or "mean-probability"))
            throw wrong($"decision '{pipeline.Decision}' is not known; take first-hit or mean-probability");
        foreach (var (category, classes) in pipeline.Categories)
            if (category.Length == 0 || classes is null || classes.Length == 0 || classes.Any(index => index < 0))
                throw wrong($"the category '{category}' must have a name and at least one class, counted from 0");
        var twice = pipeline.Categories.SelectMany(c => c.Value.Select(index => (index, c.Key))).GroupBy(c => c.index).FirstOrDefault(g => g.Count() > 1);
        if (twice is not null)
            throw wrong($"class {twice.Key} belongs to more than one category ({string.Join(", ", twice.Select(c => c.Key))})");
    }

    private static T Deserialized<T>(JsonObject root, string path, string kind, string[] members)
    {
        foreach (var (member, _) in root)
            if (!members.Contains(member) && !Common.Contains(member))
                throw new SynthesisException($"{path} has a member '{member}' that no {kind} pipeline has; there are {string.Join(", ", [.. members, .. Common[1..]])}.");
        foreach (var member in new[] { "classes", "categories" })
            if (root[member] is JsonValue value && value.TryGetValue<string>(out var beside))
                root[member] = Parse(Path.Combine(Path.GetDirectoryName(Path.GetFullPath(path))!, beside));
        try
        {
            return root.Deserialize<T>(HostProtocol.Lines)!;
        }
        catch (JsonException e)
        {
            throw new SynthesisException($"{path} is not a {kind} pipeline: {e.Path?.TrimStart('$', '.')} has a value of the wrong kind.", e);
        }
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
}
