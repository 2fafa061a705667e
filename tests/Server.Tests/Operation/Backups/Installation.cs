using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Backups;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Operation.Backups;

/// <summary>A test's database and data folder, as backups and restores see them.</summary>
internal static class Installation
{
    public static Backup ToBackUp(this TestDatabase database) => new(Databases(database), Data(database), database.Services.GetRequiredService<BlobStore>(), TimeProvider.System);

    public static Restore ToRestore(this TestDatabase database) => new(Databases(database), Data(database));

    /// <summary>Takes away schema, blobs and keys: a fixture comes migrated, and a restore wants nothing there.</summary>
    public static async Task EmptyAsync(this TestDatabase database)
    {
        await using var db = database.Open();
        if (db is PostgresStudyDb)
        {
            await db.Database.ExecuteSqlRawAsync("DROP SCHEMA public CASCADE; CREATE SCHEMA public;");
            Npgsql.NpgsqlConnection.ClearAllPools();
        }
        else
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            foreach (var file in Directory.GetFiles(Data(database).Path, DatabaseSetup.SqliteFile + "*")) File.Delete(file);
        }
        foreach (var folder in BackupFile.Folders) Directory.Delete(Data(database).Folder(folder), recursive: true);
    }

    /// <summary>Each table of the program's with its number of rows, "Trials 48", in the order of their names.</summary>
    public static async Task<IReadOnlyList<string>> RowsOfTablesAsync(this StudyDb db)
    {
        var lines = new List<string>();
        foreach (var table in db.Model.GetEntityTypes().Select(e => e.GetTableName()!).Distinct().Order(StringComparer.Ordinal))
        {
            var count = "SELECT count(*) AS \"Value\" FROM \"" + table + '"';
            lines.Add($"{table} {await db.Database.SqlQueryRaw<long>(count).SingleAsync()}");
        }
        return lines;
    }

    private static IDbContextFactory<StudyDb> Databases(TestDatabase database) => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private static DataFolder Data(TestDatabase database) => database.Services.GetRequiredService<DataFolder>();
}
