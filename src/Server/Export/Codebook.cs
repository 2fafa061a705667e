using System.Text;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>What every column of the trial table means, written from the table of columns itself.</summary>
public static class Codebook
{
    public static string Markdown()
    {
        var text = new StringBuilder();
        text.Append(
            """
            # Codebook of the trial table

            One row is one answered trial. Rows of a person (or synthetic observer) are followed by the rows of each recognising model on the stimuli
            that this person saw. The file is CSV after RFC 4180 in UTF-8; numbers have a decimal point; times are ISO 8601 in UTC; an empty field means
            that there is no value. A free text that a spreadsheet would run as a formula begins with an apostrophe.

            Proportions correct use rows with phase main, is_catch false and swapped false.

            | column | type | unit | meaning |
            |---|---|---|---|

            """);
        foreach (var column in TrialColumns.All) text.Append($"| {column.Name} | {TypeName(column.Type)} | {column.Unit} | {column.Meaning} |\n");
        return text.ToString();
    }

    private static string TypeName(ColumnType type) => type switch
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
