using Parquet;
using Parquet.Schema;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>The values of one column for one row group. Every column may hold nulls, so that a reader meets one type whatever the study has.</summary>
internal abstract class ParquetColumn<TRow>(DataField field)
{
    public DataField Field { get; } = field;

    /// <summary>Takes the value of the next row.</summary>
    public abstract void Put(TRow row);

    /// <summary>Writes what was put as the next column of a group, and begins anew.</summary>
    /// <param name="levels">Room for a number for each row, to work in.</param>
    public abstract Task WriteAsync(ParquetRowGroupWriter group, int[] levels, CancellationToken cancel);
}

internal static class ParquetColumn
{
    /// <param name="rows">The most that a group holds.</param>
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

    /// <summary>Values as the format has them: those that there are, one after the other, and for each row whether it has one. Most rows lack most columns.</summary>
    private sealed class Values<TRow, T>(DataField field, Column<TRow> column, int rows, Func<Cell, T> value) : ParquetColumn<TRow>(field) where T : struct
    {
        private readonly bool[] there = new bool[rows];
        private T[] values = [];
        private int puts, count;

        public override void Put(TRow row)
        {
            var cell = column.Value(row);
            if (there[puts++] = !cell.IsMissing)
            {
                if (count == values.Length) Array.Resize(ref values, Math.Min(rows, Math.Max(256, 2 * count)));
                values[count++] = value(cell);
            }
        }

        public override async Task WriteAsync(ParquetRowGroupWriter group, int[] levels, CancellationToken cancel)
        {
            for (var i = 0; i < puts; i++) levels[i] = there[i] ? 1 : 0;
            await group.WriteAllPartsAsync<T>(Field, values.AsMemory(0, count), levels.AsMemory(0, puts), null, cancel);
            (puts, count) = (0, 0);
        }
    }
}
