using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Analysis.Digests;

public abstract class SessionDigestsTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task What_others_store_at_the_same_moment_is_no_error()
    {
        await using var server = await database.StartServerAsync();
        var lines = new LogLines();
        server.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var sessions = await Participants.TakePartAsync(server.Services, study, 3);
        await using var db = server.OpenDatabase();
        var (digests, digested) = (server.Services.GetRequiredService<SessionDigests>(), server.Services.GetRequiredService<DigestedStudy>());
        // Pages, several servers and the background find the same digests missing, again and again.
        for (var time = 0; time < 3; time++)
        {
            await db.SessionDigests.ExecuteDeleteAsync();
            await Task.WhenAll(Enumerable.Range(0, 8).Select(n => n % 2 == 0 ? digests.StoreMissingAsync() : digested.ReadAsync(study.Id, new TrialFilter())));
            Assert.Equal(sessions.Order(), (await db.SessionDigests.Select(d => d.SessionId).ToListAsync()).Order());
        }
        Assert.DoesNotContain(lines.Said, line => line.Level >= LogLevel.Warning);
    }
}

public sealed class SessionDigestsOnSqliteTests(SqliteDatabase database) : SessionDigestsTests(database), IClassFixture<SqliteDatabase>;

public sealed class SessionDigestsOnPostgresTests(PostgresDatabase database) : SessionDigestsTests(database), IClassFixture<PostgresDatabase>;
