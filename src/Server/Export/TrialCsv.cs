using System.Globalization;
using CsvHelper;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>
/// The trial table as CSV: UTF-8, RFC 4180, a header line, invariant numbers, one row at a time. Empty fields mean that there is no value.
/// A text that a spreadsheet would run as a formula (it begins with =, +, −, @, tab or carriage return) is quoted, with an apostrophe before it.
/// </summary>
public static class TrialCsv
{
    private static readonly CsvWriterOptions Options = new() { Injection = CsvInjection.Escape, FormatProvider = CultureInfo.InvariantCulture };

    public static async Task WriteAsync(IAsyncEnumerable<TrialRecord> trials, Stream stream, CancellationToken cancel = default)
    {
        await using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        csv.WriteHeader(TrialColumns.All.Select(c => c.Name).ToArray());
        await foreach (var trial in trials.WithCancellation(cancel))
        {
            foreach (var column in TrialColumns.All) Write(csv, column, column.Value(trial));
            await csv.EndRecordAsync(cancel);
        }
        await csv.FlushAsync(cancel);
    }

    private static void Write(CsvWriter csv, TrialColumn column, object? value)
    {
        switch (value)
        {
            case null: csv.WriteField(""); break;
            case string text: csv.WriteField(text); break;
            case bool yes: csv.WriteField(yes ? "true" : "false"); break;
            case int number: csv.WriteField(number); break;
            case double number: csv.WriteField(number); break;
            case DateTimeOffset time: csv.WriteField(time.UtcDateTime, "yyyy-MM-ddTHH:mm:ss.ffffffZ"); break;
            default: throw new InvalidOperationException($"The column '{column.Name}' gives a {value.GetType().Name}, which has no form in CSV.");
        }
    }
}
