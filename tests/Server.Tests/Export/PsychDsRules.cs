using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using CsvHelper;

namespace PerceptionStudy.Server.Tests.Export;

/// <summary>
/// What the published schema of Psych-DS (the rules that its validator reads; psychds-docs.readthedocs.io, schema reference) finds wrong with a dataset, by the
/// codes of the schema: errors and warnings alike, except those about directories that a dataset may have.
/// </summary>
internal static partial class PsychDsRules
{
    private static readonly string[] Keywords = ["study", "site", "subject", "session", "task", "condition", "trial", "stimulus", "description"];
    private static readonly string[] RequiredFields = ["name", "description", "variableMeasured"];

    // Of schema.org's Dataset and PropertyValue those that a description of data needs.
    private static readonly string[] OfDataset =
        [.. RequiredFields, "author", "citation", "license", "funder", "url", "identifier", "usageInfo", "keywords", "schemaVersion", "dateCreated", "version"];
    private static readonly string[] OfVariable = ["name", "description", "unitText", "unitCode", "minValue", "maxValue", "value", "identifier", "url"];

    /// <param name="files">Content by path, with / between folders.</param>
    /// <returns>Code and place of each finding.</returns>
    public static List<(string Code, string Place)> Check(IReadOnlyDictionary<string, string> files)
    {
        var found = new List<(string, string)>();
        var ignored = files.GetValueOrDefault(".psychdsignore", "").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        var seen = files.Where(f => !ignored.Any(i => f.Key == i || f.Key.StartsWith(i + "/", StringComparison.Ordinal))).ToDictionary(f => f.Key, f => f.Value);

        foreach (var (path, text) in seen)
        {
            if (text.Length == 0) found.Add(("FILE_EMPTY", path));
            if (path.EndsWith(".json", StringComparison.Ordinal) && Object(text) is null) found.Add(("JSON_INVALID", path));
            if (path.EndsWith("dataset_description.json", StringComparison.Ordinal) && path.Contains('/')) found.Add(("WRONG_METADATA_LOCATION", path));
            if (!IsKnown(path)) found.Add(("FILE_NOT_CHECKED", path));
        }
        if (!seen.ContainsKey("dataset_description.json")) found.Add(("MISSING_DATASET_DESCRIPTION", ""));
        foreach (var name in (string[])["README", "CHANGES"])
        {
            if (!seen.ContainsKey(name + ".md") && !seen.ContainsKey(name + ".txt")) found.Add(($"MISSING_{name}_DOC", ""));
        }
        if (!files.ContainsKey(".psychdsignore")) found.Add(("MISSING_PSYCHDSIGNORE", ""));
        if (!seen.Keys.Any(p => p.StartsWith("data/", StringComparison.Ordinal))) found.Add(("MISSING_DATA_DIRECTORY", ""));

        var tables = seen.Keys.Where(p => p.StartsWith("data/", StringComparison.Ordinal) && p.EndsWith(".csv", StringComparison.Ordinal)).ToList();
        var named = tables.Where(p => DataFile().IsMatch(Name(p))).ToList();
        found.AddRange(tables.Except(named).Select(p => ("FILENAME_KEYWORD_FORMATTING_ERROR", p)));
        if (named.Count == 0) found.Add(("MISSING_DATAFILE", ""));
        foreach (var path in named)
        {
            if (Name(path).Split('_').SkipLast(1).Any(pair => !Keywords.Contains(pair.Split('-')[0]))) found.Add(("FILENAME_UNOFFICIAL_KEYWORD_WARNING", path));
            found.AddRange(CheckTable(seen, path).Select(code => (code, path)));
        }
        return found;
    }

    private static IEnumerable<string> CheckTable(Dictionary<string, string> files, string path)
    {
        var metadata = Metadata(files, path);
        if (!metadata.ContainsKey("@context")) yield return "INVALID_JSONLD_FORMATTING";
        if (metadata["@type"] is not { } type) yield return "MISSING_DATASET_TYPE";
        else if (type.GetValueKind() != JsonValueKind.String || type.GetValue<string>() != "Dataset") yield return "INCORRECT_DATASET_TYPE";
        if (RequiredFields.Any(f => metadata[f] is null || metadata[f]!.ToString().Length == 0)) yield return "JSON_KEY_REQUIRED";
        if (metadata.Any(m => m.Key[0] != '@' && !OfDataset.Contains(m.Key))) yield return "INVALID_SCHEMAORG_PROPERTY";

        var variables = metadata["variableMeasured"] as JsonArray ?? [];
        var described = variables.OfType<JsonObject>().ToList();
        if (described.Exists(v => v["@type"] is null)) yield return "OBJECT_TYPE_MISSING";
        else if (described.Exists(v => v["@type"]!.ToString() != "PropertyValue")) yield return "INVALID_OBJECT_TYPE";
        if (described.Exists(v => v.Any(p => p.Key[0] != '@' && !OfVariable.Contains(p.Key)))) yield return "INVALID_SCHEMAORG_PROPERTY";
        var measured = variables.Select(v => v is JsonObject o ? o["name"]?.ToString() : v?.ToString()).ToHashSet();

        if (files[path].Length == 0)
        {
            yield return "CSV_HEADER_MISSING";
            yield break;
        }
        string[] headers = [];
        var (ids, rows, whole) = (new HashSet<string>(), 0, true);
        using var csv = CsvReader.Create(new StringReader(files[path]), new CsvReaderOptions { Separator = ',', FieldCountMismatch = CsvFieldCountHandling.Throw });
        try
        {
            headers = [.. csv.Headers.ToArray()];
            for (; csv.Read(); rows++)
            {
                if (Array.IndexOf(headers, "row_id") is >= 0 and var id) ids.Add(csv.GetString(id));
            }
        }
        catch (CsvFormatException)
        {
            whole = false;
        }
        if (!whole) yield return "CSV_HEADER_LENGTH_MISMATCH";
        if (headers.Distinct().Count() < headers.Length) yield return "CSV_HEADER_REPEATED";
        if (headers.Contains("row_id") && ids.Count < rows) yield return "ROWID_VALUES_NOT_UNIQUE";
        if (headers.Any(h => !measured.Contains(h))) yield return "CSV_COLUMN_MISSING_FROM_METADATA";
    }

    /// <summary>By inheritance: the dataset's, then each folder's, then the table's own; a key of a lower level replaces the whole value.</summary>
    private static JsonObject Metadata(Dictionary<string, string> files, string path)
    {
        var folders = path.Split('/').SkipLast(1).Aggregate((List<string>)[""], (all, folder) => [.. all, all[^1] + folder + "/"]).Skip(1);
        string[] levels = ["dataset_description.json", .. folders.Select(f => f + "file_metadata.json"), Path.ChangeExtension(path, ".json")];
        var compiled = new JsonObject();
        foreach (var level in levels.Select(l => Object(files.GetValueOrDefault(l, ""))).OfType<JsonObject>())
        {
            foreach (var (key, value) in level) compiled[key] = value?.DeepClone();
        }
        return compiled;
    }

    private static bool IsKnown(string path) =>
        path is "dataset_description.json" or "README.md" or "README.txt" or "CHANGES.md" or "CHANGES.txt" or ".psychdsignore"
        || (path.StartsWith("data/", StringComparison.Ordinal) && (path.EndsWith("_data.csv", StringComparison.Ordinal) || path.EndsWith("_data.json", StringComparison.Ordinal) || Name(path) == "file_metadata.json"));

    private static string Name(string path) => path[(path.LastIndexOf('/') + 1)..];

    private static JsonObject? Object(string text)
    {
        try
        {
            return JsonNode.Parse(text) as JsonObject;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    [GeneratedRegex("^([a-z]+-[a-zA-Z0-9]+)(_[a-z]+-[a-zA-Z0-9]+)*_data\\.csv$")]
    private static partial Regex DataFile();
}
