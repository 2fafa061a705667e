using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>Takes in finished experiments and gives them back.</summary>
public sealed class StudyImport(IDbContextFactory<StudyDb> databases, BlobStore blobs, DataFolder data, TimeProvider time)
{
    /// <summary>How large a file may be.</summary>
    public const int MostMegabytes = 2048;

    /// <summary>Imports files: CSV, MAT or zip, each with its name. Everything is read before anything is stored.</summary>
    /// <exception cref="RefusedException">A file cannot be read as any known form, the name is taken, or there are no files.</exception>
    public async Task<ImportedStudy> ImportAsync(string name, IReadOnlyList<(string Name, Stream Content)> files, CancellationToken cancel = default)
    {
        name = name.Trim();
        if (name.Length == 0) throw new RefusedException("The import needs a name.");
        if (files.Count == 0) throw new RefusedException("There are no files to import.");
        await using var db = await databases.CreateDbContextAsync(cancel);
        if (await db.ImportedStudies.AnyAsync(s => s.Name == name, cancel)) throw new RefusedException($"An imported study is called '{name}' already: choose another name.");
        var path = data.NewTemporaryPath(".zip");
        try
        {
            var count = await PackAsync(path, files, cancel);
            var content = await ReadAsync(path, name);
            var study = new ImportedStudy
            {
                Id = Guid.CreateVersion7(), Name = name, Kind = content.Kind, Sha256 = await blobs.StoreFileAsync(path, cancel), Files = count, Rows = content.Rows, ImportedAt = time.GetUtcNow(),
            };
            db.ImportedStudies.Add(study);
            await db.SaveChangesAsync(cancel);
            return study;
        }
        catch (FormatException unreadable)
        {
            throw new RefusedException(unreadable.Message, unreadable);
        }
        finally
        {
            File.Delete(path);
        }
    }

    /// <exception cref="RefusedException">There is no such import (any more).</exception>
    public async Task<ImportedStudy> DemandAsync(Guid id, CancellationToken cancel = default) =>
        await FindAsync(id, cancel) ?? throw new RefusedException("There is no such import: it may have been deleted.", Refusal.Missing);

    /// <summary>Null if there is no such import (any more).</summary>
    public async Task<ImportedStudy?> FindAsync(Guid id, CancellationToken cancel = default)
    {
        await using var db = await databases.CreateDbContextAsync(cancel);
        return await db.ImportedStudies.AsNoTracking().FirstOrDefaultAsync(s => s.Id == id, cancel);
    }

    /// <summary>What was imported, read from its files.</summary>
    public async Task<ImportedData> ReadAsync(ImportedStudy study) => await ReadAsync(await blobs.FetchAsync(study.Sha256), study.Name);

    private static async Task<ImportedData> ReadAsync(string path, string name)
    {
        await using var zip = File.OpenRead(path);
        return ImportedData.Read(zip, name);
    }

    // One zip of everything, whatever was given; zips inside are unpacked into it.
    private static async Task<int> PackAsync(string path, IReadOnlyList<(string Name, Stream Content)> files, CancellationToken cancel)
    {
        var count = 0;
        await using var stream = File.Create(path);
        using var packed = new ZipArchive(stream, ZipArchiveMode.Create);
        foreach (var (name, content) in files)
        {
            if (!name.EndsWith(".zip", StringComparison.OrdinalIgnoreCase))
            {
                await AddAsync(name, content);
                continue;
            }
            using var whole = new MemoryStream();
            await content.CopyToAsync(whole, cancel);
            try
            {
                using var given = new ZipArchive(whole, ZipArchiveMode.Read);
                foreach (var entry in given.Entries.Where(e => e.Length > 0))
                {
                    await using var inner = entry.Open();
                    await AddAsync(entry.FullName, inner);
                }
            }
            catch (InvalidDataException broken)
            {
                throw new FormatException($"{name} is no whole zip file.", broken);
            }
        }
        return count;

        async Task AddAsync(string name, Stream content)
        {
            await using var entry = packed.CreateEntry(name).Open();
            await content.CopyToAsync(entry, cancel);
            count++;
        }
    }
}
