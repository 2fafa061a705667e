using System.Text.Json.Nodes;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>One value that an entry changed, as people read it.</summary>
/// <param name="Path">Names joined by dots, for example <c>draftJson.mainTrials</c>.</param>
public sealed record AuditDifference(string Path, string? Before, string? After)
{
    private const int Longest = 120;

    /// <summary>The values that differ, in the order of the document; lists are compared as a whole.</summary>
    public static IReadOnlyList<AuditDifference> Of(string? beforeJson, string? afterJson)
    {
        var differences = new List<AuditDifference>();
        Compare("", Parse(beforeJson), Parse(afterJson), differences);
        return differences;
    }

    private static JsonNode? Parse(string? json) => json is null ? null : JsonNode.Parse(json);

    private static void Compare(string path, JsonNode? before, JsonNode? after, List<AuditDifference> found)
    {
        if (JsonNode.DeepEquals(before, after)) return;
        if (before is JsonObject or null && after is JsonObject or null && (before ?? after) is JsonObject)
        {
            var (old, young) = (before as JsonObject, after as JsonObject);
            foreach (var name in (old ?? []).Select(p => p.Key).Union((young ?? []).Select(p => p.Key)))
                Compare(path.Length == 0 ? name : $"{path}.{name}", old?[name], young?[name], found);
            return;
        }
        found.Add(new AuditDifference(path, Text(before), Text(after)));
    }

    private static string? Text(JsonNode? node)
    {
        var text = node switch
        {
            null => null,
            JsonArray { Count: > 3 } list => $"{list.Count} entries",
            _ => node is JsonValue value && value.TryGetValue<string>(out var plain) ? plain : node.ToJsonString(),
        };
        return text is { Length: > Longest } ? text[..Longest] + "…" : text;
    }
}
