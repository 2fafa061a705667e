using System.Globalization;
using CsvHelper;

namespace PerceptionStudy.Server.Data;

/// <summary>A small table as CSV text. Texts that a spreadsheet would run as formulas get an apostrophe; numbers stay numbers.</summary>
public static class CsvText
{
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape, FormatProvider = CultureInfo.InvariantCulture };

    /// <param name="columns">Names of the columns; null for a further part of a table that has been begun.</param>
    /// <param name="rows">As many fields each.</param>
    public static string Of(string[]? columns, IEnumerable<object?[]> rows)
    {
        using var text = new StringWriter();
        using (var csv = CsvWriter.Create(text, Options, leaveOpen: true))
        {
            if (columns is not null) csv.WriteHeader(columns);
            foreach (var row in rows)
            {
                foreach (var field in row) csv.WriteField(field ?? "");
                csv.EndRecord();
            }
        }
        return text.ToString();
    }
}
