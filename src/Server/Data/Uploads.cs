using System.Text.Json;

namespace PerceptionStudy.Server.Data;

/// <summary>A file that is being uploaded, or has arrived and waits to be taken.</summary>
/// <param name="Id">Its key.</param>
/// <param name="FileName">Name on the sender's machine.</param>
/// <param name="Length">Bytes in all.</param>
/// <param name="Offset">Bytes that have arrived.</param>
public sealed record Upload(Guid Id, string FileName, long Length, long Offset)
{
    public bool IsWhole => Offset == Length;
}

/// <summary>Files on their way in, piece by piece: what has arrived stays when the connection is cut, and the sender goes on from there.</summary>
public sealed class Uploads(DataFolder data, TimeProvider clock)
{
    /// <summary>An upload that nobody goes on with, or takes, goes after so long.</summary>
    public static readonly TimeSpan Kept = TimeSpan.FromDays(3);

    private string Folder => data.Folder("uploads");

    /// <summary>Makes room for a file; uploads that were abandoned go.</summary>
    /// <param name="fileName">Name on the sender's machine; kept as a name only.</param>
    /// <param name="length">Bytes in all.</param>
    /// <param name="owner">Who may go on with it.</param>
    public Upload Begin(string fileName, long length, string owner)
    {
        foreach (var old in Directory.EnumerateFiles(Folder).Where(f => clock.GetUtcNow() - File.GetLastWriteTimeUtc(f) > Kept)) File.Delete(old);
        var upload = new Upload(Guid.CreateVersion7(), fileName, length, 0);
        File.WriteAllText(FactsOf(upload.Id), JsonSerializer.Serialize(new Facts(fileName, length, owner)));
        File.Create(PathOf(upload.Id)).Dispose();
        return upload;
    }

    /// <summary>The upload, or null if there is none of this id that belongs to this person.</summary>
    public Upload? Find(Guid id, string owner)
    {
        if (!File.Exists(FactsOf(id)) || !File.Exists(PathOf(id))) return null;
        var facts = JsonSerializer.Deserialize<Facts>(File.ReadAllText(FactsOf(id)))!;
        return facts.Owner == owner ? new Upload(id, facts.FileName, facts.Length, new FileInfo(PathOf(id)).Length) : null;
    }

    /// <summary>Adds what comes to the end; what arrived before a cut stays.</summary>
    /// <returns>Bytes that have arrived in all.</returns>
    /// <exception cref="RefusedException">More comes than was announced.</exception>
    /// <exception cref="IOException">Somebody else is adding to it at this moment.</exception>
    public async Task<long> AppendAsync(Upload upload, Stream content, CancellationToken cancel)
    {
        await using var file = new FileStream(PathOf(upload.Id), FileMode.Append, FileAccess.Write, FileShare.None);
        var buffer = new byte[81920];
        int read;
        while ((read = await content.ReadAsync(buffer, cancel)) > 0)
        {
            if (file.Position + read > upload.Length) throw new RefusedException($"More bytes came than the {upload.Length} that were announced: begin the upload again.");
            // Not cancelled half way: a piece that has come is kept whole.
            await file.WriteAsync(buffer.AsMemory(0, read), CancellationToken.None);
        }
        return file.Position;
    }

    /// <summary>Where the bytes lie.</summary>
    public string PathOf(Guid id) => Path.Combine(Folder, $"{id:N}.part");

    public void Delete(Guid id)
    {
        File.Delete(PathOf(id));
        File.Delete(FactsOf(id));
    }

    private string FactsOf(Guid id) => Path.Combine(Folder, $"{id:N}.json");

    private sealed record Facts(string FileName, long Length, string Owner);
}
