using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Microsoft.Extensions.DependencyInjection.Extensions;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Data;

/// <summary>Chooses the database: PostgreSQL if there is a connection string <c>Postgres</c>, otherwise SQLite in the data folder.</summary>
public static class DatabaseSetup
{
    /// <summary>Name of the embedded database in the data folder.</summary>
    public const string SqliteFile = "study.db";

    public static DataFolder AddStudyDb(this IServiceCollection services, IConfiguration configuration)
    {
        var data = new DataFolder(configuration["DataFolder"] ?? "study-data");
        services.AddSingleton(data);
        services.AddKeys(data, configuration);
        services.AddSingleton<RecruiterIds>();
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<BlobStore>();
        var bucket = configuration.GetSection("Blobs:S3");
        if (bucket["Bucket"] is { Length: > 0 }) services.AddSingleton(provider => new BlobBucket(bucket, provider.GetRequiredService<TimeProvider>()));
        services.Configure<IdentityOptions>(WithPasskeys);
        services.AddSingleton<AuditTrail>();

        if (PostgresConnection(configuration) is { } postgres)
        {
            services.AddDbContextFactory<PostgresStudyDb>((provider, options) => Audited(provider, options).UseNpgsql(postgres));
            services.AddSingleton<IDbContextFactory<StudyDb>, Upcast<PostgresStudyDb>>();
        }
        else
        {
            var file = Path.Combine(data.Folder(""), SqliteFile);
            services.AddDbContextFactory<SqliteStudyDb>((provider, options) => Audited(provider, options).UseSqlite($"Data Source={file};Foreign Keys=True;Default Timeout=30"));
            services.AddSingleton<IDbContextFactory<StudyDb>, Upcast<SqliteStudyDb>>();
        }
        services.AddScoped(provider => provider.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContext());
        return data;
    }

    /// <summary>Lets blobs go by and by that nothing refers to any more.</summary>
    public static void AddBlobCollection(this IServiceCollection services)
    {
        services.AddOptions<BlobSettings>().BindConfiguration("Blobs");
        services.AddSingleton<BlobCollection>();
        services.AddHostedService(provider => provider.GetRequiredService<BlobCollection>());
    }

    /// <summary>Identity makes its tables by this option.</summary>
    internal static void WithPasskeys(IdentityOptions identity) => identity.Stores.SchemaVersion = IdentitySchemaVersions.Version3;

    /// <summary>The connection string of PostgreSQL, or null in the embedded default.</summary>
    public static string? PostgresConnection(IConfiguration configuration) => configuration.GetConnectionString("Postgres") is { Length: > 0 } text ? text : null;

    /// <summary>Brings the database to the current schema; creates it if there is none. Of several that start at once one does it, and the others wait.</summary>
    public static async Task MigrateStudyDbAsync(this IServiceProvider services, CancellationToken cancel = default)
    {
        await using var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync(cancel);
        await using var alone = await MigrationLock.TakeAsync(db, services.GetRequiredService<DataFolder>(), cancel);
        // Npgsql looks for migrations by reading their table; where there is none yet, a first start would print that as an error.
        if (db is PostgresStudyDb && await db.Database.CanConnectAsync(cancel)) await db.GetService<IHistoryRepository>().CreateIfNotExistsAsync(cancel);
        await db.Database.MigrateAsync(cancel);
        // Readers do not block the writer; SQLite's default synchronous=FULL makes a commit survive the loss of power.
        if (db is SqliteStudyDb) await db.Database.ExecuteSqlRawAsync("PRAGMA journal_mode=WAL;", cancel);
        await AppendOnly.EnsureAsync(db, cancel);
    }

    private static DbContextOptionsBuilder Audited(IServiceProvider provider, DbContextOptionsBuilder options) =>
        options.AddInterceptors(provider.GetRequiredService<AuditTrail>(), BulkChangeGuard.Instance)
            // Whoever catches a failure knows whether it is an error; that somebody else has stored the same first is none.
            .ConfigureWarnings(events => events.Log((CoreEventId.SaveChangesFailed, LogLevel.Information), (RelationalEventId.CommandError, LogLevel.Information)));

    private sealed class Upcast<TDb>(IDbContextFactory<TDb> factory) : IDbContextFactory<StudyDb> where TDb : StudyDb
    {
        public StudyDb CreateDbContext() => factory.CreateDbContext();

        public async Task<StudyDb> CreateDbContextAsync(CancellationToken cancel) => await factory.CreateDbContextAsync(cancel);
    }
}
