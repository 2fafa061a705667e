using System.IO.Compression;
using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Operation.Backups;

/// <summary>Puts a backup into an empty installation: everything is checked before anything is written.</summary>
public sealed class Restore(IDbContextFactory<StudyDb> databases, DataFolder data)
{
    /// <exception cref="RefusedException">No backup, not whole, changed, of another kind of database, or the place is not empty.</exception>
    public async Task<BackupManifest> ReadAsync(string source, CancellationToken cancel = default)
    {
        if (!File.Exists(source)) throw new RefusedException($"There is no file {source}.");
        await using var db = await databases.CreateDbContextAsync(cancel);
        await using var zip = Open(source);
        var manifest = await ManifestOfAsync(zip, source, cancel);
        var own = db is PostgresStudyDb ? "postgres" : "sqlite";
        if (manifest.Database != own) throw new RefusedException($"This is a backup of a {manifest.Database} database, and the settings name a {own} one: {(own == "sqlite" ? "set" : "leave out")} ConnectionStrings:Postgres.");
        await DemandEmptyAsync(db, cancel);
        foreach (var entry in manifest.Entries) await CheckAsync(zip, entry, cancel);

        // The files first: a database that is there finds all that it names.
        foreach (var entry in manifest.Entries.Where(e => BackupFile.Folders.Contains(e.Name.Split('/')[0]))) await ExtractAsync(zip, entry, Path.Combine(data.Path, entry.Name), cancel);
        var dump = data.NewTemporaryPath(".dump");
        try
        {
            await ExtractAsync(zip, manifest.Entries.Single(e => e.Name is BackupFile.PostgresName or BackupFile.SqliteName), dump, cancel);
            await DatabaseDump.ReadAsync(db, data, dump, cancel);
        }
        finally
        {
            File.Delete(dump);
        }
        return manifest;
    }

    private static ZipArchive Open(string source)
    {
        try
        {
            return ZipFile.OpenRead(source);
        }
        catch (InvalidDataException problem)
        {
            throw new RefusedException($"{source} is not a whole zip file: {problem.Message}", problem);
        }
    }

    private static async Task<BackupManifest> ManifestOfAsync(ZipArchive zip, string source, CancellationToken cancel)
    {
        if (zip.GetEntry(BackupFile.ManifestName) is not { } entry) throw new RefusedException($"{source} is no backup of this program: it has no {BackupFile.ManifestName}.");
        await using var content = entry.Open();
        var manifest = await JsonSerializer.DeserializeAsync<BackupManifest>(content, BackupFile.Json, cancel);
        if (manifest is not { Format: BackupFile.CurrentFormat }) throw new RefusedException($"{source} has the format {manifest?.Format}, and this program reads {BackupFile.CurrentFormat}: use the program that wrote it, {manifest?.Program}.");
        return manifest;
    }

    private async Task DemandEmptyAsync(StudyDb db, CancellationToken cancel)
    {
        if (!await DatabaseDump.IsEmptyAsync(db, data, cancel)) throw new RefusedException("The database is not empty: a backup is only put into an empty one, so that nothing is overwritten.");
        if (BackupFile.Folders.FirstOrDefault(f => Directory.EnumerateFileSystemEntries(data.Folder(f)).Any()) is { } full)
            throw new RefusedException($"The folder {Path.Combine(data.Path, full)} is not empty: choose another data folder, so that nothing is overwritten.");
    }

    private async Task CheckAsync(ZipArchive zip, BackupEntry entry, CancellationToken cancel)
    {
        // A name that leads out of the folder is none of ours.
        if (!Path.GetFullPath(Path.Combine(data.Path, entry.Name)).StartsWith(data.Path + Path.DirectorySeparatorChar, StringComparison.Ordinal)) throw new RefusedException($"The backup holds the name '{entry.Name}', which leads out of the data folder.");
        if (zip.GetEntry(entry.Name) is not { } file) throw new RefusedException($"The backup lacks {entry.Name}.");
        await using var content = file.Open();
        if (Convert.ToHexStringLower(await SHA256.HashDataAsync(content, cancel)) != entry.Sha256) throw new RefusedException($"In the backup {entry.Name} is not what was written: use another backup.");
    }

    private static async Task ExtractAsync(ZipArchive zip, BackupEntry entry, string target, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(target)!);
        await using var content = zip.GetEntry(entry.Name)!.Open();
        await using var file = File.Create(target);
        await content.CopyToAsync(file, cancel);
        file.Flush(flushToDisk: true);
    }
}
