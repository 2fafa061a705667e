using Parquet;
using Parquet.Schema;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>The values of one column for one row group. Every column may hold nulls, so that a reader meets one type whatever the study has.</summary>
internal abstract class ParquetColumn<TRow>(DataField field)
{
    public DataField Field { get; } = field;

    public abstract void Put(int place, TRow row);

    /// <summary>Writes the first rows as the next column of a group.</summary>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, int rows);
}

internal static class ParquetColumn
{
    public static ParquetColumn<TRow> Of<TRow>(Column<TRow> column, int rows) => column.Type switch
    {
        ColumnType.Whole => new Values<TRow, long>(new DataField<long?>(column.Name), column, rows, cell => cell.Whole),
        ColumnType.Number => new Values<TRow, double>(new DataField<double?>(column.Name), column, rows, cell => cell.Number),
        ColumnType.YesNo => new Values<TRow, bool>(new DataField<bool?>(column.Name), column, rows, cell => cell.YesNo),
        ColumnType.Time => new Values<TRow, DateTime>(
            new DateTimeDataField(column.Name, DateTimeFormat.Timestamp, isAdjustedToUTC: true, unit: DateTimeTimeUnit.Micros, isNullable: true), column, rows, cell => cell.Time),
        // The library's own form of a text: of strings it would make new arrays of these for each group.
        _ => new Values<TRow, ReadOnlyMemory<char>>(new DataField<string>(column.Name), column, rows, cell => cell.Text.AsMemory()),
    };

    private sealed class Values<TRow, T>(DataField field, Column<TRow> column, int rows, Func<Cell, T> value) : ParquetColumn<TRow>(field) where T : struct
    {
        private readonly T?[] values = new T?[rows];

        public override void Put(int place, TRow row) => values[place] = column.Value(row) is { IsMissing: false } cell ? value(cell) : null;

        public override Task WriteAsync(ParquetRowGroupWriter group, int rows) => group.WriteAsync<T>(Field, values.AsMemory(0, rows));
    }
}
