using System.IO.Compression;
using Parquet;
using Parquet.Schema;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>
/// A table as Parquet: the types of the codebook, times as UTC microseconds, missing values as nulls, Zstandard. Rows go into columns of one group's length as
/// they come, which are used again for every group: memory is that of a group, whatever the number of rows, but for what the library keeps until the end of
/// the file, some hundred bytes to tell where each column of each group is: fewer groups keep less.
/// </summary>
public static class TableParquet
{
    private const int GroupRows = 30_000;

    // The library's usual level makes files a sixth smaller in several times the time.
    private static readonly ParquetOptions Options = new()
    {
        CompressionMethod = CompressionMethod.Zstd, CompressionLevel = CompressionLevel.Fastest,
        // What the library keeps of its buffers for the next column; it would keep all.
        MaximumSmallPoolFreeBytes = 4 << 20, MaximumLargePoolFreeBytes = 4 << 20,
    };

    /// <returns>The number of rows.</returns>
    public static async Task<long> WriteAsync<TRow>(TableSchema<TRow> table, IAsyncEnumerable<TRow> rows, Stream stream, CancellationToken cancel = default)
    {
        var columns = table.Fields.Select(field => ParquetColumn.Of(field, GroupRows)).ToArray();
        var levels = new int[GroupRows];
        await using var writer = await ParquetWriter.CreateAsync(
            new ParquetSchema(columns.Select(c => c.Field)), stream, Options, cancellationToken: cancel);
        var (written, held) = (0L, 0);
        await foreach (var row in rows.WithCancellation(cancel))
        {
            foreach (var column in columns) column.Put(row);
            if (++held == GroupRows) await WriteGroupAsync();
        }
        if (held > 0 || written == 0) await WriteGroupAsync();
        return written;

        async Task WriteGroupAsync()
        {
            using var group = writer.CreateRowGroup();
            foreach (var column in columns) await column.WriteAsync(group, levels, cancel);
            group.CompleteValidate();
            (written, held) = (written + held, 0);
        }
    }
}
