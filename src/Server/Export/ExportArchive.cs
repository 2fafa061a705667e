using System.IO.Compression;
using System.Text;
using PerceptionStudy.Server.Analysis;

namespace PerceptionStudy.Server.Export;

/// <summary>A file of an export as its trailer lists it.</summary>
/// <param name="Rows">Rows of a table, the header not counted; null for other files.</param>
public sealed record ExportedFile(string File, long? Rows, long Bytes, string Sha256);

/// <summary>A zip that is written from front to back and remembers what went in.</summary>
internal sealed class ExportArchive(Stream stream) : IDisposable
{
    private readonly ZipArchive zip = new(stream, ZipArchiveMode.Create, leaveOpen: true);
    private readonly List<ExportedFile> files = [];

    public IReadOnlyList<ExportedFile> Files => files;

    public Task AddAsync<TRow>(string path, TableSchema<TRow> table, IAsyncEnumerable<TRow> rows, CancellationToken cancel) =>
        AddAsync(path, async entry => await TableCsv.WriteAsync(table, rows, entry, cancel));

    public Task AddAsync<TRow>(string path, TableSchema<TRow> table, IEnumerable<TRow> rows, CancellationToken cancel) => AddAsync(path, table, rows.ToAsyncEnumerable(), cancel);

    public Task AddTextAsync(string path, string text) => AddAsync(path, async entry =>
    {
        await entry.WriteAsync(Encoding.UTF8.GetBytes(text));
        return null;
    });

    public async Task AddAsync(string path, Func<Stream, Task<long?>> write)
    {
        await using var entry = zip.CreateEntry(path, CompressionLevel.Fastest).Open();
        await using var hashed = new HashedStream(entry);
        var rows = await write(hashed);
        files.Add(new ExportedFile(path, rows, hashed.Bytes, hashed.Sha256));
    }

    public void Dispose() => zip.Dispose();
}
