using Parquet;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Export;

namespace PerceptionStudy.Server.Tests.Export;

public sealed class TableParquetTests
{
    private static readonly TableSchema<int> Numbers = new("numbers", "One row is one number.",
    [
        new("number", ColumnType.Whole, null, "any", "", null, n => n),
        new("half", ColumnType.Number, null, "any", "", "for multiples of 3", n => n % 3 == 0 ? default(Cell) : n / 2.0),
        new("even", ColumnType.YesNo, null, "true, false", "", null, n => n % 2 == 0),
        new("word", ColumnType.Word, null, "any", "", "for multiples of 7", n => n % 7 == 0 ? default(Cell) : $"word {n % 10}"),
        new("at", ColumnType.Time, "UTC", "ISO 8601", "", "for multiples of 5", n => n % 5 == 0 ? default(Cell) : DateTimeOffset.UnixEpoch.AddSeconds(n)),
    ]);

    /// <summary>Columns are used again for every group: nothing of one may be left in the next, nor in the shorter last one.</summary>
    [Fact]
    public async Task Many_rows_go_into_several_groups_and_come_back_in_order()
    {
        const int rows = 60_001;
        using var file = new MemoryStream();
        Assert.Equal(rows, await TableParquet.WriteAsync(Numbers, Enumerable.Range(0, rows).ToAsyncEnumerable(), file));
        file.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.InRange(reader.RowGroupCount, 2, 10);
        var fields = reader.Schema.DataFields;
        var next = 0;
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var count = (int)group.RowCount;
            var (numbers, halves, evens, times, words) = (new long?[count], new double?[count], new bool?[count], new DateTime?[count], new string?[count]);
            await group.ReadAsync<long>(fields[0], numbers.AsMemory());
            await group.ReadAsync<double>(fields[1], halves.AsMemory());
            await group.ReadAsync<bool>(fields[2], evens.AsMemory());
            await group.ReadAsync(fields[3], words.AsMemory()!);
            await group.ReadAsync<DateTime>(fields[4], times.AsMemory());
            for (var i = 0; i < count; i++, next++)
            {
                var (half, word, at) = (next % 3 == 0 ? (double?)null : next / 2.0, next % 7 == 0 ? null : $"word {next % 10}", next % 5 == 0 ? (DateTime?)null : DateTime.UnixEpoch.AddSeconds(next));
                if ((numbers[i], halves[i], evens[i], words[i], times[i]) != (next, half, next % 2 == 0, word, at)) Assert.Fail($"Row {next} is {numbers[i]}, {halves[i]}, {evens[i]}, {words[i]}, {times[i]:O}.");
            }
        }
        Assert.Equal(rows, next);
    }

    [Fact]
    public async Task An_empty_table_has_its_columns()
    {
        using var file = new MemoryStream();
        Assert.Equal(0, await TableParquet.WriteAsync(Numbers, AsyncEnumerable.Empty<int>(), file));
        file.Position = 0;
        await using var reader = await ParquetReader.CreateAsync(file);
        Assert.Equal(Numbers.Columns.Select(c => c.Name), reader.Schema.DataFields.Select(f => f.Name));
    }
}
