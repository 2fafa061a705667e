using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>What every column of every exported table means, written from the tables themselves: Markdown for people, CSV and JSON for programs.</summary>
public static class Codebook
{
    public static readonly IReadOnlyList<TableSchema> Tables =
        [TrialColumns.Table, ParticipantTable.Table, StageAccuracyColumns.Table, StimulusTable.Table, ModelTable.Table, StageTable.Table, AdaptiveTable.Table, ExclusionTable.Table, AuditTable.Table];

    private sealed record Line(string Table, Column Column);

    private static readonly TableSchema<Line> Csv = new("codebook", "One row is one column of an exported table.",
    [
        new("file", ColumnType.Word, null, "", "", null, l => l.Table),
        new("name", ColumnType.Word, null, "", "", null, l => l.Column.Name),
        new("type", ColumnType.Word, null, "", "", null, l => TypeName(l.Column.Type)),
        new("unit", ColumnType.Word, null, "", "", "", l => l.Column.Unit),
        new("range", ColumnType.Word, null, "", "", null, l => l.Column.Range),
        new("meaning", ColumnType.Word, null, "", "", null, l => l.Column.Meaning),
        new("missing_code", ColumnType.Word, null, "", "", null, l => MissingCode(l.Column)),
        new("missing_when", ColumnType.Word, null, "", "", "", l => l.Column.Missing),
    ]);

    /// <summary>Missing values are empty fields; a column without any says so.</summary>
    private static string MissingCode(Column column) => column.Missing is null ? "never missing" : "empty field";

    public static Task WriteCsvAsync(Stream stream, CancellationToken cancel = default) =>
        TableCsv.WriteAsync(Csv, Tables.SelectMany(t => t.Columns.Select(c => new Line($"{t.Name}.csv", c))).ToAsyncEnumerable(), stream, cancel);

    public static string Json() => JsonSerializer.Serialize(
        new
        {
            Tables = Tables.Select(t => new
            {
                File = $"{t.Name}.csv", t.Row,
                Columns = t.Columns.Select(c => new { c.Name, Type = TypeName(c.Type), c.Unit, c.Range, c.Meaning, MissingCode = MissingCode(c), MissingWhen = c.Missing }),
            }),
        },
        new JsonSerializerOptions(JsonSerializerDefaults.Web) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Codebook of the exported tables

            CSV after RFC 4180 in UTF-8; numbers have a decimal point; times are ISO 8601 in UTC; true and false; an empty field means that there is no
            value. A free text that a spreadsheet would run as a formula begins with an apostrophe.

            Proportions correct use rows of trials.csv with phase main, is_catch false, swapped and repeated false, answer not interrupted, and excluded_because empty.

            """);
        foreach (var table in Tables)
        {
            text.Append($"\n## {table.Name}.csv\n{table.Row}\n\n| column | type | unit | range | meaning | empty |\n|---|---|---|---|---|---|\n");
            foreach (var c in table.Columns) text.Append($"| {c.Name} | {TypeName(c.Type)} | {c.Unit} | {c.Range} | {c.Meaning} | {c.Missing ?? "never"} |\n");
        }
        return text.ToString();
    }

    internal static string TypeName(ColumnType type) => type switch
    {
        ColumnType.FreeText => "free text",
        ColumnType.Word => "word",
        ColumnType.Whole => "whole number",
        ColumnType.Number => "number",
        ColumnType.YesNo => "true or false",
        ColumnType.Time => "time",
        _ => throw new ArgumentOutOfRangeException(nameof(type)),
    };
}
