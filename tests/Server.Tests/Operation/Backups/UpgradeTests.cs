using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Operation.Backups;

/// <summary>The backup that every release has left is brought to the schema of today with all of its rows, and work goes on there (docs/operations.md, Updates).</summary>
public abstract class UpgradeTests(TestDatabase database, string kind)
{
    private const string RowsName = "rows.txt";
    private static readonly string Released = Path.Combine(Repository.Root, "tests", "Server.Tests", "Released");
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Data_of_every_release_come_to_the_schema_of_today()
    {
        var files = Directory.GetFiles(Released, $"*-{kind}.zip");
        Assert.NotEmpty(files);
        foreach (var file in files)
        {
            await database.EmptyAsync();
            await database.ToRestore().ReadAsync(file);
            await database.Services.MigrateStudyDbAsync();

            await using var db = database.Open();
            Assert.Empty(await db.Database.GetPendingMigrationsAsync());
            var (then, now) = (await RowsThenAsync(file), (await db.RowsOfTablesAsync()).ToHashSet());
            // A table that later releases have dropped is none of theirs.
            Assert.All(then.Where(line => now.Any(n => n.StartsWith(line.Split(' ')[0] + ' ', StringComparison.Ordinal))), line => Assert.Contains(line, now));
            Assert.Null((await AuditLog.CheckAsync(db)).Problem);
            Assert.Equal("5f1e0c0ffee", db.RecruiterIds.Open((await db.Recruits.SingleAsync()).ParticipantId));
            Assert.All(await db.StudyVersions.AsNoTracking().ToListAsync(), version => Assert.NotEmpty(version.Design.Categories));
            await GoOnAsync(db);
        }
    }

    /// <summary>RELEASE=0.9.0 … -class '*UpgradeOn*' writes what a release leaves: a study whose results are in, and one in which somebody stands half way.</summary>
    [Fact]
    public async Task A_release_leaves_its_backup()
    {
        var release = Environment.GetEnvironmentVariable("RELEASE");
        Assert.SkipWhen(string.IsNullOrEmpty(release), "Only for a release: RELEASE=0.9.0");
        await using var server = await database.StartServerAsync();
        await server.SignInAsync();
        var finished = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, finished, 3);
        await server.Services.GetRequiredService<SessionDigests>().StoreMissingAsync();
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>());
        var begun = await server.Services.GetRequiredService<SessionStart>().StartAsync(
            new Arrival(study.LinkKey, study.Version.Id) { Recruiter = new RecruiterLink("Prolific", "5f1e0c0ffee", "s-1", "p-1") });
        foreach (var trial in await db.Trials.AsNoTracking().Where(t => t.SessionId == begun.SessionId).OrderBy(t => t.Position).Take(3).ToListAsync())
            await ReceiveOf(database).ReceiveAsync(begun.SessionId, Answers.Of(trial.Id, study.Design.Categories[0]));

        Directory.CreateDirectory(Released);
        var file = Path.Combine(Released, $"{release}-{kind}.zip");
        File.Delete(file);
        await database.ToBackUp().WriteAsync(file);
        var rows = await db.RowsOfTablesAsync();
        await File.WriteAllLinesAsync(Path.ChangeExtension(file, RowsName), rows);
    }

    // Who stood half way answers the rest, and the next person begins.
    private async Task GoOnAsync(StudyDb db)
    {
        var session = await db.Sessions.AsNoTracking().SingleAsync(s => s.State == SessionState.Active);
        var version = await db.StudyVersions.AsNoTracking().SingleAsync(v => v.Id == session.StudyVersionId);
        var receive = ReceiveOf(database);
        foreach (var trial in await db.Trials.AsNoTracking().Where(t => t.SessionId == session.Id && t.Response == null).ToListAsync())
            await receive.ReceiveAsync(session.Id, Answers.Of(trial.Id, version.Design.Categories[0]));
        Assert.Equal(SessionState.Completed, await db.Sessions.Where(s => s.Id == session.Id).Select(s => s.State).SingleAsync());
        using var start = new SessionStart(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        var link = await db.Studies.Where(s => s.Id == version.StudyId).Select(s => s.LinkKey).SingleAsync();
        var next = await start.StartAsync(link, version.Id, null);
        Assert.Equal(session.Number + 1, await db.Sessions.Where(s => s.Id == next.SessionId).Select(s => s.Number).SingleAsync());
    }

    private static ReceiveResponse ReceiveOf(TestDatabase database) =>
        new(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), new PublishedDesigns(), TimeProvider.System);

    private static Task<string[]> RowsThenAsync(string file) => File.ReadAllLinesAsync(Path.ChangeExtension(file, RowsName));
}

public sealed class UpgradeOnSqliteTests(SqliteDatabase database) : UpgradeTests(database, "sqlite"), IClassFixture<SqliteDatabase>;

public sealed class UpgradeOnPostgresTests(PostgresDatabase database) : UpgradeTests(database, "postgres"), IClassFixture<PostgresDatabase>;
