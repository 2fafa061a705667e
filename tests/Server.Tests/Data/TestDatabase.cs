using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>
/// An empty, migrated database of a test class's own, with a data folder. Write the tests once in an abstract class that takes a
/// <see cref="TestDatabase"/>, and derive two classes from it: <c>IClassFixture&lt;SqliteDatabase&gt;</c> and <c>IClassFixture&lt;PostgresDatabase&gt;</c>.
/// </summary>
public abstract class TestDatabase : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("perception-study-").FullName;
    private ServiceProvider? services;
    private Task<RunningServer>? server;

    /// <summary>Why this database cannot be had here, or null.</summary>
    public virtual string? Absent => null;

    /// <summary>The settings that <c>ServerHost.Build</c> needs to work on this database.</summary>
    public Dictionary<string, string?> Settings { get; } = [];

    /// <summary>The database's services alone: contexts, data folder, blob store.</summary>
    public IServiceProvider Services => services!;

    /// <summary>Call it first in the constructor of the test class: skips the test, with the reason, where the database is not installed.</summary>
    public TestDatabase Need()
    {
        Assert.SkipWhen(Absent is not null, Absent ?? "");
        return this;
    }

    /// <summary>A new context, to be disposed of by the caller.</summary>
    public StudyDb Open() => Services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContext();

    /// <summary>
    /// A server that the class's tests share: started by the first that asks for it, stopped with the database. For tests that only ask it something; their sign-ins,
    /// which come from one address, do not count as guesses.
    /// </summary>
    public async Task<RunningServer> UseServerAsync() => (await (server ??= StartServerAsync("--Limits:Guesses:Burst=10000", "--Limits:Guesses:PerMinute=10000"))).Lend();

    /// <summary>Starts the whole server on this database, on a free port of 127.0.0.1.</summary>
    public Task<RunningServer> StartServerAsync(params string[] moreSettings) => RunningServer.StartAsync(Settings, moreSettings);

    public async ValueTask InitializeAsync()
    {
        if (Absent is not null) return;
        Settings["DataFolder"] = folder;
        await ConfigureAsync();
        var collection = new ServiceCollection();
        collection.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection(Settings).Build());
        services = collection.BuildServiceProvider();
        await services.MigrateStudyDbAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (server is { IsCompletedSuccessfully: true }) await (await server).DisposeAsync();
        if (services is not null) await services.DisposeAsync();
        Microsoft.Data.Sqlite.SqliteConnection.ClearAllPools();
        Directory.Delete(folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected virtual Task ConfigureAsync() => Task.CompletedTask;
}

/// <summary>SQLite, the embedded default.</summary>
public sealed class SqliteDatabase : TestDatabase;

/// <summary>PostgreSQL, as in production.</summary>
public sealed class PostgresDatabase(PostgresCluster cluster) : TestDatabase
{
    public override string? Absent => PostgresCluster.Absent;

    protected override async Task ConfigureAsync() => Settings["ConnectionStrings:Postgres"] = await cluster.CreateDatabaseAsync();
}
