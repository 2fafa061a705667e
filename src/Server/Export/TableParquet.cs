using Parquet;
using Parquet.Schema;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>A table as Parquet: the types of the codebook, times as UTC microseconds, missing values as nulls, Zstandard, groups of 10,000 rows so that memory stays constant.</summary>
public static class TableParquet
{
    private const int GroupRows = 10_000;

    /// <returns>The number of rows.</returns>
    public static async Task<long> WriteAsync<TRow>(TableSchema<TRow> table, IAsyncEnumerable<TRow> rows, Stream stream, CancellationToken cancel = default)
    {
        var fields = table.Fields.Select(Field).ToArray();
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(fields), stream, new ParquetOptions { CompressionMethod = CompressionMethod.Zstd }, cancellationToken: cancel);
        long count = 0;
        var group = new List<TRow>(GroupRows);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            group.Add(row);
            if (group.Count == GroupRows) await FlushAsync();
        }
        if (group.Count > 0 || count == 0) await FlushAsync();
        return count;

        async Task FlushAsync()
        {
            using var part = writer.CreateRowGroup();
            foreach (var (column, field) in table.Fields.Zip(fields)) await WriteAsync(part, field, column, group);
            part.CompleteValidate();
            count += group.Count;
            group.Clear();
        }
    }

    // Every column may hold nulls, so that a reader meets one type whatever the study has.
    private static DataField Field(Column column) => column.Type switch
    {
        ColumnType.Whole => new DataField<long?>(column.Name),
        ColumnType.Number => new DataField<double?>(column.Name),
        ColumnType.YesNo => new DataField<bool?>(column.Name),
        ColumnType.Time => new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true),
        _ => new DataField<string>(column.Name),
    };

    private static async Task WriteAsync<TRow>(ParquetRowGroupWriter part, DataField field, Column<TRow> column, List<TRow> rows)
    {
        var cells = rows.Select(column.Value);
        switch (column.Type)
        {
            case ColumnType.Whole: await Values(c => c.Whole); break;
            case ColumnType.Number: await Values(c => c.Number); break;
            case ColumnType.YesNo: await Values(c => c.YesNo); break;
            case ColumnType.Time: await Values(c => c.Time); break;
            default: await part.WriteAsync(field, [.. cells.Select(c => c.IsMissing ? null! : c.Text)]); break;
        }

        Task Values<T>(Func<Cell, T> value) where T : struct => part.WriteAsync<T>(field, cells.Select(c => c.IsMissing ? (T?)null : value(c)).ToArray());
    }
}
