using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Analysis;

/// <summary>Who answers too hastily gives the place and its cells to somebody else, in studies that are set so; the answers stay, and so do both numbers.</summary>
public abstract class ExcludedPlacesTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_place_is_given_on_once_where_the_study_is_set_so(bool givesBack)
    {
        await using var server = await database.StartServerAsync();
        var study = await PublishAsync(givesBack);
        var (hasty, careful) = (await AnswerAsync(server, study, reactionTimeMs: 90), await AnswerAsync(server, study, reactionTimeMs: 600));
        var places = server.Services.GetRequiredService<ExcludedPlaces>();
        await places.JudgeAsync();
        Assert.Equal(0, await places.JudgeAsync());

        await using var db = server.OpenDatabase();
        Assert.Equal(givesBack ? 1 : 2, await Places.CountTakenAsync(db, study.Study.Id));
        var cells = await CellTallies.CountAsync(db, study.Version.Id, ObserverType.Human);
        Assert.Equal((givesBack ? 1 : 2) * study.Design.MainTrials, cells.Values.Sum());
        Assert.Equal((givesBack ? true : null, givesBack ? (bool?)false : null), ((await db.Sessions.SingleAsync(s => s.Id == hasty)).PlaceGivenBack, (await db.Sessions.SingleAsync(s => s.Id == careful)).PlaceGivenBack));
        if (givesBack) await AnswerAsync(server, study, reactionTimeMs: 600);
        await Assert.ThrowsAsync<ParticipantRefusedException>(() => AnswerAsync(server, study, reactionTimeMs: 600));

        // Both numbers, with the rule and without it.
        var query = server.Services.GetRequiredService<TrialQuery>();
        var people = givesBack ? 3 : 2;
        foreach (var (filter, counted) in ((TrialFilter, int)[])[(new(), people - 1), (new(IgnoreExclusions: true), people)])
        {
            var trials = await query.ReadAsync(study.Study.Id, filter).ToListAsync();
            Assert.Equal((people, counted), (trials.Select(t => t.Session).Distinct().Count(), trials.Where(t => t.Counts).Select(t => t.Session).Distinct().Count()));
        }
    }

    private async Task<TestStudy> PublishAsync(bool givesBack)
    {
        await using var db = database.Open();
        return await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), places: 2,
            change: d => d with { Exclusion = new() { MedianReactionTimeMsAtLeast = 200, GivePlacesBack = givesBack } });
    }

    private static async Task<Guid> AnswerAsync(RunningServer server, TestStudy study, double reactionTimeMs)
    {
        var session = (await server.Services.GetRequiredService<SessionStart>().StartAsync(study.LinkKey, study.Version.Id, "test")).SessionId;
        await using var db = server.OpenDatabase();
        var trials = await db.Trials.Where(t => t.SessionId == session).Select(t => new { t.Id, t.CorrectCategory }).ToListAsync();
        await server.Services.GetRequiredService<ReceiveResponse>().ReceiveAsync(session, trials.Select(t => Answers.Of(t.Id, t.CorrectCategory, reactionTimeMs)).ToList());
        return session;
    }
}

public sealed class ExcludedPlacesOnSqliteTests(SqliteDatabase database) : ExcludedPlacesTests(database), IClassFixture<SqliteDatabase>;

public sealed class ExcludedPlacesOnPostgresTests(PostgresDatabase database) : ExcludedPlacesTests(database), IClassFixture<PostgresDatabase>;
