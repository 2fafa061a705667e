using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace PerceptionStudy.Server.Data;

/// <summary>A blob that is missing, or is not what its name says; the message is a sentence that says what to do.</summary>
public sealed class BlobException(string message, Exception? cause = null) : IOException(message, cause);

/// <summary>
/// Files by the hash of their content: written once, never changed. They lie in the folder <c>blobs/ab/abcdef…</c> of the data folder. With a bucket
/// (<see cref="BlobBucket"/>) that is the store, and the folder keeps copies of what this machine has used.
/// </summary>
public sealed class BlobStore(DataFolder data, TimeProvider clock, BlobBucket? bucket = null)
{
    // Content that was read and had the right hash: a file that has not changed since is not read again.
    private readonly ConcurrentDictionary<string, (long Bytes, DateTime Written)> verified = new();
    private readonly ConcurrentDictionary<string, DateTimeOffset> used = new();

    /// <summary>Whether the folder is the store itself.</summary>
    public bool IsFolder => bucket is null;

    private string Folder => Path.Combine(data.Path, "blobs");

    /// <summary>Path of a file with this content on this machine; it is fetched and its hash verified if need be. The file stays for an hour at least.</summary>
    /// <exception cref="BlobException">The store has no such blob, or a damaged one.</exception>
    public async Task<string> FetchAsync(string sha256, CancellationToken cancel = default)
    {
        var path = PathOf(sha256);
        used[sha256] = clock.GetUtcNow();
        if (File.Exists(path) && await IsRightAsync(path, sha256, cancel)) return path;
        if (bucket is null)
        {
            throw new BlobException(File.Exists(path)
                ? $"The file {path} is damaged: its content is not what its name says. Put it back from a backup."
                : $"The file {path} is missing: put it back from a backup.");
        }
        // A copy that went bad is fetched again.
        var temporary = data.NewTemporaryPath();
        try
        {
            await bucket.DownloadAsync(sha256, temporary, cancel);
            if (await HashAsync(temporary, cancel) != sha256) throw new BlobException($"The object {sha256} of the bucket {bucket.Name} is damaged: its content is not what its name says. Put it back from a backup.");
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            File.Move(temporary, path, overwrite: true);
            Remember(path, sha256);
            return path;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Whether the store has a blob.</summary>
    public async Task<bool> ExistsAsync(string sha256, CancellationToken cancel = default) =>
        bucket is null ? File.Exists(PathOf(sha256)) : await bucket.FindAsync(sha256, cancel) is not null;

    /// <summary>Stores a stream and gives its hash. It is there whole or not at all; what is there already stays, and counts as new (<see cref="BlobCollection"/>).</summary>
    /// <exception cref="IOException">It cannot be stored; nothing is left behind.</exception>
    public async Task<string> StoreAsync(Stream content, CancellationToken cancel = default)
    {
        var temporary = data.NewTemporaryPath();
        try
        {
            var sha256 = await WriteAsync(content, temporary, cancel);
            if (bucket is not null) await bucket.UploadAsync(sha256, temporary, cancel);
            var path = PathOf(sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (File.Exists(path) && await IsRightAsync(path, sha256, cancel)) File.SetLastWriteTimeUtc(path, clock.GetUtcNow().UtcDateTime);
            else File.Move(temporary, path, overwrite: true);
            Remember(path, sha256);
            return sha256;
        }
        finally
        {
            File.Delete(temporary);
        }
    }

    /// <summary>Stores a file that another process wrote.</summary>
    public async Task<string> StoreFileAsync(string path, CancellationToken cancel = default)
    {
        await using var file = File.OpenRead(path);
        return await StoreAsync(file, cancel);
    }

    /// <summary>All blobs, with the time since which each has not been stored anew.</summary>
    public IAsyncEnumerable<(string Sha256, DateTimeOffset StoredAt)> ListAsync(CancellationToken cancel = default) => bucket is null ? Copies().ToAsyncEnumerable() : bucket.ListAsync(cancel);

    /// <summary>Deletes a blob that nothing refers to, unless it was stored anew after <paramref name="before"/>.</summary>
    public async Task<bool> DeleteAsync(string sha256, DateTimeOffset before, CancellationToken cancel = default)
    {
        var path = PathOf(sha256);
        if (bucket is not null)
        {
            if (await bucket.FindAsync(sha256, cancel) is not { } storedAt || storedAt >= before) return false;
            await bucket.DeleteAsync(sha256, cancel);
        }
        else if (!File.Exists(path) || File.GetLastWriteTimeUtc(path) >= before.UtcDateTime) return false;
        File.Delete(path);
        verified.TryRemove(path, out _);
        return true;
    }

    /// <summary>Deletes copies of the bucket's blobs, those first that have not been used for longest, until the rest takes so many bytes; none that was used within the hour.</summary>
    public void TrimCopies(long mostBytes)
    {
        if (bucket is null) return;
        var hourAgo = clock.GetUtcNow() - TimeSpan.FromHours(1);
        var copies = Copies().Select(c => (c.Sha256, UsedAt: used.TryGetValue(c.Sha256, out var at) ? at : c.StoredAt, new FileInfo(PathOf(c.Sha256)).Length)).OrderByDescending(c => c.UsedAt).ToList();
        var total = 0L;
        foreach (var (sha256, usedAt, length) in copies)
        {
            total += length;
            if (total <= mostBytes || usedAt > hourAgo) continue;
            File.Delete(PathOf(sha256));
            verified.TryRemove(PathOf(sha256), out _);
        }
    }

    private static async Task<string> WriteAsync(Stream content, string path, CancellationToken cancel)
    {
        await using var file = File.Create(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[81920];
        int read;
        while ((read = await content.ReadAsync(buffer, cancel)) > 0)
        {
            hash.AppendData(buffer, 0, read);
            await file.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
        file.Flush(flushToDisk: true);
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string PathOf(string sha256) => Path.Combine(Folder, sha256[..2], sha256);

    private IEnumerable<(string Sha256, DateTimeOffset StoredAt)> Copies() => !Directory.Exists(Folder) ? []
        : Directory.EnumerateFiles(Folder, "*", SearchOption.AllDirectories).Where(f => Path.GetFileName(f).Length == 64).Select(f => (Path.GetFileName(f), new DateTimeOffset(File.GetLastWriteTimeUtc(f))));

    private async Task<bool> IsRightAsync(string path, string sha256, CancellationToken cancel)
    {
        var file = new FileInfo(path);
        if (verified.TryGetValue(path, out var known) && known == (file.Length, file.LastWriteTimeUtc)) return true;
        if (await HashAsync(path, cancel) != sha256) return false;
        verified[path] = (file.Length, file.LastWriteTimeUtc);
        return true;
    }

    private static async Task<string> HashAsync(string path, CancellationToken cancel)
    {
        await using var content = File.OpenRead(path);
        return Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel));
    }

    private void Remember(string path, string sha256)
    {
        var file = new FileInfo(path);
        (verified[path], used[sha256]) = ((file.Length, file.LastWriteTimeUtc), clock.GetUtcNow());
    }
}
