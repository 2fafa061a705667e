using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>Servers and workers that start together on an empty database: each brings it to the current schema, and none is in another's way.</summary>
public sealed class MigrationsAtOnceTests(PostgresCluster cluster) : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("perception-study-").FullName;

    public void Dispose()
    {
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public Task On_SQLite() => MigrateAsync([]);

    [Fact]
    public async Task On_PostgreSQL()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        await MigrateAsync([new("ConnectionStrings:Postgres", await cluster.CreateDatabaseAsync())]);
    }

    private async Task MigrateAsync(KeyValuePair<string, string?>[] settings)
    {
        var processes = Enumerable.Range(0, 4).Select(_ =>
        {
            var services = new ServiceCollection();
            services.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection([.. settings, new("DataFolder", folder)]).Build());
            return services.BuildServiceProvider();
        }).ToArray();
        await Task.WhenAll(processes.Select(p => Task.Run(() => p.MigrateStudyDbAsync())));
        await using var db = processes[0].GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContext();
        Assert.Empty(await db.Database.GetPendingMigrationsAsync());
        Assert.Equal(0, await db.Studies.CountAsync());
        foreach (var process in processes) await process.DisposeAsync();
    }
}
