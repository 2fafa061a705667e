using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>Several servers that start at once bring one database to its schema once.</summary>
public sealed class MigrationTests(PostgresCluster cluster)
{
    [Fact]
    public async Task Many_at_once_on_an_empty_PostgreSQL()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        await AllAtOnceAsync(new() { ["ConnectionStrings:Postgres"] = await cluster.CreateDatabaseAsync() });
    }

    [Fact]
    public async Task Many_at_once_where_there_is_no_database_yet()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        var absent = new NpgsqlConnectionStringBuilder(await cluster.CreateDatabaseAsync()) { Database = "absent" + Guid.NewGuid().ToString("N")[..8] };
        await AllAtOnceAsync(new() { ["ConnectionStrings:Postgres"] = absent.ConnectionString });
    }

    [Fact]
    public Task Many_at_once_on_SQLite() => AllAtOnceAsync([]);

    [Fact]
    public async Task A_migration_that_was_killed_holds_nobody_up()
    {
        await InFolderAsync(async folder =>
        {
            await using var services = ServicesOf([], folder);
            await services.MigrateStudyDbAsync();
            // What EF Core leaves behind when it is killed in the middle.
            await using (var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync())
                await db.Database.ExecuteSqlRawAsync("""CREATE TABLE IF NOT EXISTS "__EFMigrationsLock" ("Id" INTEGER NOT NULL PRIMARY KEY, "Timestamp" TEXT NOT NULL); INSERT INTO "__EFMigrationsLock" VALUES (1, '2026-11-25')""");
            await services.MigrateStudyDbAsync().WaitAsync(TimeSpan.FromMinutes(5));
        });
    }

    private static Task AllAtOnceAsync(Dictionary<string, string?> settings) => InFolderAsync(async folder =>
    {
        // As processes have them: each with services and connections of its own.
        var servers = Enumerable.Range(0, 5).Select(_ => ServicesOf(settings, folder)).ToList();
        try
        {
            await Task.WhenAll(servers.Select(s => Task.Run(() => s.MigrateStudyDbAsync()))).WaitAsync(TimeSpan.FromMinutes(10));
            await using var db = await servers[0].GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
            Assert.Empty(await db.Database.GetPendingMigrationsAsync());
            Assert.Equal((await db.Database.GetAppliedMigrationsAsync()).Distinct(), await db.Database.GetAppliedMigrationsAsync());
            Assert.Equal(0, await db.Sessions.CountAsync());
            Assert.Equal(0, await db.Studies.CountAsync());
        }
        finally
        {
            foreach (var server in servers) await server.DisposeAsync();
        }
    });

    private static ServiceProvider ServicesOf(Dictionary<string, string?> settings, string folder)
    {
        var collection = new ServiceCollection();
        collection.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection([.. settings, new("DataFolder", folder)]).Build());
        return collection.BuildServiceProvider();
    }

    private static async Task InFolderAsync(Func<string, Task> work)
    {
        var folder = Directory.CreateTempSubdirectory("perception-study-").FullName;
        try
        {
            await work(folder);
        }
        finally
        {
            Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
            Directory.Delete(folder, recursive: true);
        }
    }
}
