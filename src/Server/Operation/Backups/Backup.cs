using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Operation.Backups;

/// <summary>Writes a backup while the server runs: first the database as of one moment, then the files that it names, which never change.</summary>
public sealed class Backup(IDbContextFactory<StudyDb> databases, DataFolder data, BlobStore blobs, TimeProvider time)
{
    /// <summary>Writes the zip under its name only when it is whole.</summary>
    /// <exception cref="RefusedException">The database cannot be read, or PostgreSQL's programs are missing.</exception>
    public async Task<BackupManifest> WriteAsync(string target, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        var migrations = await db.Database.GetAppliedMigrationsAsync(cancel);
        if (migrations.LastOrDefault() is not { } migration) throw new RefusedException("There is nothing to back up: the database is empty.");
        var (part, dump) = (target + ".part", data.NewTemporaryPath(".dump"));
        try
        {
            var madeAt = time.GetUtcNow();
            await DatabaseDump.WriteAsync(db, dump, cancel);
            var entries = new List<BackupEntry>();
            var manifest = new BackupManifest(BackupFile.CurrentFormat, StudyFreeze.ThisProgram, db is PostgresStudyDb ? "postgres" : "sqlite", migration, madeAt, await db.Studies.CountAsync(cancel), await db.Sessions.CountAsync(cancel), entries);
            await using (var zip = new ZipArchive(File.Create(part), ZipArchiveMode.Create))
            {
                entries.Add(await AddAsync(zip, db is PostgresStudyDb ? BackupFile.PostgresName : BackupFile.SqliteName, dump, cancel));
                // A bucket is kept where it is; the folder then holds copies of it only.
                foreach (var folder in BackupFile.Folders.Where(f => f != "blobs" || blobs.IsFolder))
                {
                    foreach (var file in Directory.EnumerateFiles(data.Folder(folder), "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal))
                        entries.Add(await AddAsync(zip, Path.GetRelativePath(data.Path, file).Replace('\\', '/'), file, cancel));
                }
                await using var last = zip.CreateEntry(BackupFile.ManifestName).Open();
                await JsonSerializer.SerializeAsync(last, manifest, BackupFile.Json, cancel);
            }
            File.Move(part, target, overwrite: true);
            BackupFile.NoteLast(data, madeAt);
            return manifest;
        }
        finally
        {
            File.Delete(part);
            File.Delete(dump);
        }
    }

    private static async Task<BackupEntry> AddAsync(ZipArchive zip, string name, string path, CancellationToken cancel)
    {
        // Pictures and dumps are compressed already.
        await using var into = zip.CreateEntry(name, name == BackupFile.SqliteName ? CompressionLevel.Fastest : CompressionLevel.NoCompression).Open();
        await using var file = File.OpenRead(path);
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var buffer = new byte[1 << 17];
        long bytes = 0;
        for (int read; (read = await file.ReadAsync(buffer, cancel)) > 0; bytes += read)
        {
            hash.AppendData(buffer, 0, read);
            await into.WriteAsync(buffer.AsMemory(0, read), cancel);
        }
        return new BackupEntry(name, bytes, Convert.ToHexStringLower(hash.GetHashAndReset()));
    }
}
