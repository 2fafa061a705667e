using Microsoft.Data.Sqlite;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using Npgsql;

namespace PerceptionStudy.Server.Data;

/// <summary>
/// Lets one process at a time bring the database to its schema. It ends with the process that holds it, also when that is killed: in PostgreSQL it is
/// an advisory lock of a connection, beside SQLite a file that is held open.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    // Of no meaning but that nothing else uses it.
    private const long Key = 0x5065726365707431;

    private readonly IAsyncDisposable held;

    private MigrationLock(IAsyncDisposable held) => this.held = held;

    public static async Task<MigrationLock> TakeAsync(StudyDb db, DataFolder data, CancellationToken cancel)
    {
        if (db is not PostgresStudyDb) return new(await TakeFileAsync(db, Path.Combine(data.Folder(""), "migration.lock"), cancel));
        await CreateIfAbsentAsync(db, cancel);
        // Not of the pool: closing it gives the lock back.
        var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(db.Database.GetConnectionString()) { Pooling = false }.ConnectionString);
        try
        {
            await connection.OpenAsync(cancel);
            await using var command = new NpgsqlCommand($"SELECT pg_advisory_lock({Key})", connection) { CommandTimeout = 0 };
            await command.ExecuteNonQueryAsync(cancel);
            return new(connection);
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public ValueTask DisposeAsync() => held.DisposeAsync();

    private static async Task CreateIfAbsentAsync(StudyDb db, CancellationToken cancel)
    {
        var creator = db.GetService<IRelationalDatabaseCreator>();
        if (await creator.ExistsAsync(cancel)) return;
        try
        {
            await creator.CreateAsync(cancel);
        }
        catch (PostgresException race) when (race.SqlState is PostgresErrorCodes.DuplicateDatabase or PostgresErrorCodes.UniqueViolation)
        {
            // Another process was faster.
        }
    }

    private static async Task<FileStream> TakeFileAsync(StudyDb db, string path, CancellationToken cancel)
    {
        while (true)
        {
            try
            {
                var file = new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
                await ForgetDeadAsync(db, cancel);
                return file;
            }
            catch (IOException)
            {
                await Task.Delay(100, cancel);
            }
        }
    }

    // EF Core marks a migration of SQLite under way by a row, and waits for ever if whoever wrote it was killed. Nobody else can be at it now.
    private static async Task ForgetDeadAsync(StudyDb db, CancellationToken cancel)
    {
        if (!File.Exists(new SqliteConnectionStringBuilder(db.Database.GetConnectionString()).DataSource)) return;
        if (await db.Database.SqlQuery<int>($"SELECT count(*) AS Value FROM sqlite_master WHERE name = '__EFMigrationsLock'").SingleAsync(cancel) > 0)
            await db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsLock", cancel);
    }
}
