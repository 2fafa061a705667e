using System.Globalization;
using System.Runtime.CompilerServices;
using CsvHelper;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>
/// A table as CSV: UTF-8, RFC 4180, a header line, invariant numbers, in constant memory. Empty fields mean that there is no value.
/// A text that a spreadsheet would run as a formula (it begins with =, +, −, @, tab or carriage return) is quoted, with an apostrophe before it.
/// </summary>
public static class TableCsv
{
    private static readonly CsvWriterOptions Options = new()
    {
        Injection = CsvInjection.Escape, FormatProvider = CultureInfo.InvariantCulture, TrueValue = "true", FalseValue = "false",
    };

    /// <returns>The number of rows, the header not counted.</returns>
    public static async Task<long> WriteAsync<TRow>(TableSchema<TRow> table, IAsyncEnumerable<TRow> rows, Stream stream, CancellationToken cancel = default)
    {
        long count = 0;
        await using var csv = CsvWriter.Create(stream, Options, leaveOpen: true);
        csv.WriteHeader([.. table.Fields.Select(c => c.Name)]);
        // Rows are read here and formatted on all processors; they come out in order.
        await csv.ParallelWriteAsync(Counted(cancel), (writer, row) => Write(writer, table.Fields, row), -1, cancel);
        await csv.FlushAsync(cancel);
        return count;

        async IAsyncEnumerable<TRow> Counted([EnumeratorCancellation] CancellationToken cancelled)
        {
            await foreach (var row in rows.WithCancellation(cancelled))
            {
                count++;
                yield return row;
            }
        }
    }

    private static void Write<TRow>(CsvWriter csv, IReadOnlyList<Column<TRow>> columns, TRow row)
    {
        for (var i = 0; i < columns.Count; i++)
        {
            var cell = columns[i].Value(row);
            if (cell.IsMissing)
            {
                csv.WriteField("");
                continue;
            }
            switch (columns[i].Type)
            {
                case ColumnType.FreeText or ColumnType.Word: csv.WriteField(cell.Text); break;
                case ColumnType.Whole: csv.WriteField(cell.Whole); break;
                case ColumnType.Number: csv.WriteField(cell.Number); break;
                case ColumnType.YesNo: csv.WriteField(cell.YesNo); break;
                case ColumnType.Time: csv.WriteField(cell.Time, "yyyy-MM-ddTHH:mm:ss.ffffffZ"); break;
            }
        }
        csv.EndRecord();
    }
}
