using System.Data;
using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;

namespace PerceptionStudy.Server.Data;

/// <summary>Reading everything as of one moment while others write.</summary>
public static class Snapshots
{
    /// <summary>
    /// A read-only transaction: all that the context reads until it is disposed of is from the moment of the first read. Nobody waits for it:
    /// PostgreSQL reads repeatably, SQLite a state of its write-ahead log.
    /// </summary>
    public static async Task<IDbContextTransaction> BeginSnapshotAsync(this StudyDb db, CancellationToken cancel = default)
    {
        if (db.Database.GetDbConnection() is not SqliteConnection sqlite) return await db.Database.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancel);
        await db.Database.OpenConnectionAsync(cancel);
        // EF's own way would take SQLite's one write lock at once.
        return (await db.Database.UseTransactionAsync(sqlite.BeginTransaction(deferred: true), cancel))!;
    }
}
