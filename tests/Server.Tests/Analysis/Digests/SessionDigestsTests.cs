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
    public async Task What_others_have_stored_or_deleted_meanwhile_is_no_error()
    {
        await using var server = await database.StartServerAsync();
        var lines = new LogLines();
        server.Services.GetRequiredService<ILoggerFactory>().AddProvider(lines);
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var sessions = await Participants.TakePartAsync(server.Services, study, 3);
        var digests = server.Services.GetRequiredService<SessionDigests>();
        // All at once, as pages, several servers and the background do.
        var read = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => digests.ReadAsync(study.Id, new TrialFilter())));
        Assert.All(read, r => Assert.Equal(sessions, r.Select(s => s.Id)));
        var gone = Guid.CreateVersion7();
        await digests.StoreAsync([.. read[0].Select(s => KeyValuePair.Create(s.Id, s.Trials)), KeyValuePair.Create(gone, read[0][0].Trials)]);

        await using var db = server.OpenDatabase();
        Assert.Equal(sessions.Order(), (await db.SessionDigests.Where(d => sessions.Contains(d.SessionId) || d.SessionId == gone).Select(d => d.SessionId).ToListAsync()).Order());
        Assert.Equal(read[0].Select(s => s.Trials), (await digests.ReadAsync(study.Id, new TrialFilter())).Select(s => s.Trials));
        Assert.DoesNotContain(lines.Said, line => line.Level >= LogLevel.Warning);
    }
}

public sealed class SessionDigestsOnSqliteTests(SqliteDatabase database) : SessionDigestsTests(database), IClassFixture<SqliteDatabase>;

public sealed class SessionDigestsOnPostgresTests(PostgresDatabase database) : SessionDigestsTests(database), IClassFixture<PostgresDatabase>;
