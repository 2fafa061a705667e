using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Storage;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Accounts.Auditing;

/// <summary>
/// Writes the audit log: whatever saves an <see cref="AuditedAttribute">audited</see> entity, its entry is saved in the same transaction or neither is.
/// One transaction at a time extends the chain, on all servers together: on PostgreSQL by a lock of the transaction, on SQLite because a
/// transaction holds the one write lock from its beginning.
/// </summary>
public sealed class AuditTrail(TimeProvider time) : SaveChangesInterceptor
{
    // Any number that nothing else locks by.
    internal const long ChainLock = 0x6175_6469_7421;

    private readonly ConditionalWeakTable<DbContext, Saving> saving = [];

    private sealed record Saving(List<AuditEntry> Entries, IDbContextTransaction? Own);

    public override async ValueTask<InterceptionResult<int>> SavingChangesAsync(DbContextEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
    {
        if (eventData.Context is not StudyDb db) return result;
        var entries = AuditedChanges.In(db.ChangeTracker, Actor.Current, time.GetStoredUtcNow());
        if (entries.Count == 0) return result;
        var own = db.Database.CurrentTransaction is null ? await db.Database.BeginTransactionAsync(cancellationToken) : null;
        try
        {
            await ChainAsync(db, entries, cancellationToken);
            db.AuditEntries.AddRange(entries);
            saving.AddOrUpdate(db, new Saving(entries, own));
        }
        catch
        {
            if (own is not null) await own.DisposeAsync();
            throw;
        }
        return result;
    }

    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result) =>
        eventData.Context is StudyDb db && AuditedChanges.In(db.ChangeTracker, Actor.Current, default).Count > 0
            ? throw new InvalidOperationException("Use SaveChangesAsync: the audit log is written with it.")
            : result;

    public override async ValueTask<int> SavedChangesAsync(SaveChangesCompletedEventData eventData, int result, CancellationToken cancellationToken = default)
    {
        if (Take(eventData.Context) is { Own: { } own })
        {
            await own.CommitAsync(cancellationToken);
            await own.DisposeAsync();
        }
        return result;
    }

    public override async Task SaveChangesFailedAsync(DbContextErrorEventData eventData, CancellationToken cancellationToken = default)
    {
        if (Take(eventData.Context) is { Own: { } own }) await own.DisposeAsync();
    }

    public override async Task SaveChangesCanceledAsync(DbContextEventData eventData, CancellationToken cancellationToken = default)
    {
        if (Take(eventData.Context) is { Own: { } own }) await own.DisposeAsync();
    }

    // Whatever came of it, the context does not keep the entries: a second try makes its own.
    private Saving? Take(DbContext? db)
    {
        if (db is null || !saving.TryGetValue(db, out var done)) return null;
        saving.Remove(db);
        foreach (var entry in done.Entries) db.Entry(entry).State = EntityState.Detached;
        return done;
    }

    private static async Task ChainAsync(StudyDb db, List<AuditEntry> entries, CancellationToken cancel)
    {
        if (db is PostgresStudyDb) await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_xact_lock({ChainLock})", cancel);
        var last = await db.AuditEntries.OrderByDescending(e => e.Number).Select(e => new { e.Number, e.Sha256 }).FirstOrDefaultAsync(cancel);
        var (number, sha256) = (last?.Number ?? 0, last?.Sha256 ?? AuditEntry.Beginning);
        foreach (var entry in entries)
        {
            entry.Number = ++number;
            entry.PreviousSha256 = sha256;
            sha256 = entry.Sha256 = entry.ComputeSha256();
        }
    }
}
