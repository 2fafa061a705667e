using System.Text.Json;
using System.Text.Json.Nodes;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Models;

/// <summary>Reads the command line's P.json when somebody uploads it.</summary>
public static class PipelineFile
{
    /// <summary>
    /// The pipeline in the text. <c>classes</c> may be a list, or name a file: then <paramref name="otherFile"/> gives that file's text, or null.
    /// </summary>
    /// <exception cref="FormatException">The text is no pipeline; the message says why.</exception>
    public static StimulusPipeline Read(string json, Func<string, string?> otherFile)
    {
        try
        {
            if (JsonNode.Parse(json) is not JsonObject document) throw new FormatException("A pipeline file holds one JSON object, for example {\"width\":224,\"height\":224} or {\"kind\":\"sound\",\"rateHz\":20000}.");
            if (document["classes"] is JsonValue named && named.TryGetValue<string>(out var file))
            {
                var text = otherFile(Path.GetFileName(file)) ?? throw new FormatException($"The pipeline takes its class names from {file}: choose both files together.");
                document["classes"] = JsonNode.Parse(text);
            }
            return document.Deserialize<StimulusPipeline>(JsonSerializerOptions.Web)!;
        }
        catch (JsonException e)
        {
            throw new FormatException($"The pipeline file is not valid JSON, or a value is of the wrong kind: {e.Message}", e);
        }
    }
}
