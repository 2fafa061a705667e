using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;

namespace PerceptionStudy.Server.Data;

/// <summary>How long blobs are kept: settings <c>Blobs:GraceDays</c> and <c>Blobs:CopiesGigabytes</c>.</summary>
public sealed class BlobSettings
{
    /// <summary>A blob that nothing refers to goes after so many days; before, somebody may be about to refer to it.</summary>
    public double GraceDays { get; set; } = 14;

    /// <summary>How much the copies of a bucket's blobs may take on this machine.</summary>
    public double CopiesGigabytes { get; set; } = 20;
}

/// <summary>
/// Deletes blobs that nothing refers to any more. A reference is any text column whose name ends in <c>Sha256</c>, so that a new table cannot be
/// forgotten, and any hash within what the publication of a study has frozen.
/// </summary>
public sealed partial class BlobCollection(IDbContextFactory<StudyDb> databases, BlobStore blobs, Microsoft.Extensions.Options.IOptions<BlobSettings> settings, TimeProvider clock, ILogger<BlobCollection> log) : BackgroundService
{
    private const int Batch = 500;

    /// <summary>Collects once.</summary>
    /// <returns>How many blobs were deleted.</returns>
    public async Task<int> CollectAsync(CancellationToken cancel = default)
    {
        var before = clock.GetUtcNow() - TimeSpan.FromDays(settings.Value.GraceDays);
        await using var db = await databases.CreateDbContextAsync(cancel);
        var frozen = await FrozenAsync(db, cancel);
        var deleted = 0;
        await foreach (var old in blobs.ListAsync(cancel).Where(b => b.StoredAt < before && !frozen.Contains(b.Sha256)).Select(b => b.Sha256).Chunk(Batch).WithCancellation(cancel))
        {
            var referred = await ReferredAsync(db, old, cancel);
            foreach (var sha256 in old.Where(s => !referred.Contains(s)))
            {
                if (await blobs.DeleteAsync(sha256, before, cancel)) deleted++;
            }
        }
        if (deleted > 0) LogDeleted(deleted, settings.Value.GraceDays);
        return deleted;
    }

    protected override Task ExecuteAsync(CancellationToken stoppingToken) => Rounds.RunAsync(TimeSpan.FromHours(6), clock, async cancel =>
    {
        try
        {
            await CollectAsync(cancel);
            blobs.TrimCopies((long)(settings.Value.CopiesGigabytes * 1e9));
        }
        catch (IOException e)
        {
            LogStoreAway(e);
        }
    }, stoppingToken);

    // A version's document names stimuli by their rows, which cannot go while it is published; its freeze names the files themselves.
    private static async Task<HashSet<string>> FrozenAsync(StudyDb db, CancellationToken cancel)
    {
        var found = new HashSet<string>();
        await foreach (var version in db.StudyVersions.IgnoreQueryFilters().AsNoTracking().Select(v => new { v.DesignJson, v.FreezeJson }).AsAsyncEnumerable().WithCancellation(cancel))
            foreach (var text in (string?[])[version.DesignJson, version.FreezeJson])
                foreach (Match hash in Hash().Matches(text ?? "")) found.Add(hash.Value);
        return found;
    }

    private static async Task<HashSet<string>> ReferredAsync(StudyDb db, string[] sha256s, CancellationToken cancel)
    {
        var quote = db.GetService<ISqlGenerationHelper>();
        var found = new HashSet<string>();
        foreach (var entity in db.Model.GetEntityTypes().Where(e => e.GetTableName() is not null))
        {
            foreach (var property in entity.GetProperties().Where(p => p.ClrType == typeof(string) && p.Name.EndsWith("Sha256", StringComparison.Ordinal)))
            {
                var (table, column) = (quote.DelimitIdentifier(entity.GetTableName()!, entity.GetSchema()), quote.DelimitIdentifier(property.GetColumnName()));
                var places = string.Join(", ", Enumerable.Range(0, sha256s.Length).Select(n => $"{{{n}}}"));
                // The names come from the model, the hashes go as parameters.
                var query = $"SELECT {column} AS \"Value\" FROM {table} WHERE {column} IN ({places})";
                found.UnionWith(await db.Database.SqlQueryRaw<string>(query, [.. sha256s]).ToListAsync(cancel));
            }
        }
        return found;
    }

    [GeneratedRegex("[0-9a-f]{64}")]
    private static partial Regex Hash();

    [LoggerMessage(LogLevel.Information, "{Count} files that nothing had referred to for {Days} days were deleted.")]
    private partial void LogDeleted(int count, double days);

    [LoggerMessage(LogLevel.Warning, "The files could not be looked through; it is tried again in six hours.")]
    private partial void LogStoreAway(Exception e);
}
