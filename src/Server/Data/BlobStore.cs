using System.Security.Cryptography;

namespace PerceptionStudy.Server.Data;

/// <summary>Files by the hash of their content: written once, never changed. Folder <c>blobs/ab/abcdef…</c> in the data folder.</summary>
public sealed class BlobStore(DataFolder data)
{
    /// <summary>Path of a blob, for a child process or for sending; the file exists if it was stored.</summary>
    public string PathOf(string sha256) => Path.Combine(data.Path, "blobs", sha256[..2], sha256);

    /// <summary>Stores a stream and gives its hash. A file that is there already is kept as it is.</summary>
    public async Task<string> StoreAsync(Stream content, CancellationToken cancel = default)
    {
        var temporary = data.NewTemporaryPath();
        try
        {
            string sha256;
            await using (var file = File.Create(temporary))
            {
                using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
                var buffer = new byte[81920];
                int read;
                while ((read = await content.ReadAsync(buffer, cancel)) > 0)
                {
                    hash.AppendData(buffer, 0, read);
                    await file.WriteAsync(buffer.AsMemory(0, read), cancel);
                }
                sha256 = Convert.ToHexStringLower(hash.GetHashAndReset());
                file.Flush(flushToDisk: true);
            }
            var path = PathOf(sha256);
            Directory.CreateDirectory(Path.GetDirectoryName(path)!);
            if (!File.Exists(path)) File.Move(temporary, path, overwrite: true);
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
}
