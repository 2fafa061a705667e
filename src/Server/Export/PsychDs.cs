using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>
/// The metadata of a Psych-DS dataset (psych-ds.github.io, schema 0.4): data files <c>data/study-NAME_description-TABLE_data.csv</c>, each with a
/// sidecar that lists its own columns; every column of every file also in <c>dataset_description.json</c>; terms of schema.org.
/// </summary>
internal static class PsychDs
{
    private static readonly JsonSerializerOptions Readable = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Keys in lower-case letters, values in letters and digits, as the standard wants.</summary>
    public static string DataFile(string study, TableSchema table) => $"data/study-{Plain(study)}_description-{Plain(table.Name)}_data.csv";

    public static string DatasetDescription(ExportSource source) => new JsonObject
    {
        ["@context"] = "https://schema.org/",
        ["@type"] = "Dataset",
        ["name"] = source.Title,
        ["description"] = Description(source),
        ["schemaVersion"] = "Psych-DS 0.4.0",
        ["dateCreated"] = source.SnapshotAt.UtcDateTime.ToString("yyyy-MM-dd"),
        ["version"] = string.Join(", ", source.Versions.Select(v => $"{v.Number} ({v.DesignSha256})")),
        ["keywords"] = new JsonArray("psychophysics", "model metamers", "object recognition"),
        ["variableMeasured"] = Variables(Codebook.Tables.SelectMany(t => t.Columns).DistinctBy(c => c.Name)),
    }.ToJsonString(Readable);

    /// <summary>What holds for one data file only: its columns, with the meaning that they have there.</summary>
    public static string Sidecar(TableSchema table) => new JsonObject
    {
        ["@context"] = "https://schema.org/",
        ["@type"] = "Dataset",
        ["name"] = table.Name,
        ["description"] = table.Row,
        ["variableMeasured"] = Variables(table.Columns),
    }.ToJsonString(Readable);

    public static string Changes(ExportSource source) =>
        $"# Changes\n\n{string.Concat(source.Versions.Select(v => $"- {ExportSource.NameOf(v)}.\n"))}- Exported {source.SnapshotAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC.\n";

    private static string Description(ExportSource source) =>
        $"{source.Answers} and of models in forced-choice recognition of natural stimuli and model metamers, one row for each trial ({source.Filter.InWords}).";

    private static JsonArray Variables(IEnumerable<Column> columns) => [.. columns.Select(Variable)];

    private static JsonNode Variable(Column column)
    {
        var variable = new JsonObject
        {
            ["@type"] = "PropertyValue",
            ["name"] = column.Name,
            ["description"] = $"{column.Meaning} Type: {Codebook.TypeName(column.Type)}. Range: {column.Range}. {(column.Missing is null ? "Never empty." : $"Empty {column.Missing}.")}",
        };
        if (column.Unit is { } unit) variable["unitText"] = unit;
        return variable;
    }

    private static string Plain(string text)
    {
        var plain = string.Concat(text.Where(char.IsAsciiLetterOrDigit));
        return plain.Length > 0 ? plain[..Math.Min(plain.Length, 40)] : "unnamed";
    }
}
