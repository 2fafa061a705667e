using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Monitoring;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.Server.Tests.Analysis.Monitoring;

/// <summary>A study with one participant of each fate, as the live page sees it.</summary>
public abstract class StudyWatchTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    [Fact]
    public async Task Everybody_is_counted_at_the_step_that_they_reached()
    {
        var study = await PublishAsync(places: 4);
        var (start, receive) = (new SessionStart(Databases, TimeProvider.System), new ReceiveResponse(Databases, new PublishedDesigns(), TimeProvider.System));
        await using var db = database.Open();
        var finished = await AnswerAsync(study, start, receive, all: true);
        await AnswerAsync(study, start, receive, all: true, reactionTimeMs: 50);
        var active = await AnswerAsync(study, start, receive, all: false);
        var withdrawn = await AnswerAsync(study, start, receive, all: false);
        await SessionEnd.WithdrawAsync(db, withdrawn, TimeProvider.System);
        var stopped = await AnswerAsync(study, start, receive, all: false);
        await SessionEnd.LeaveAsync(db, stopped, TimeProvider.System);
        await start.StartAsync(new Arrival(study.LinkKey, study.Version.Id) { PassesScreening = false });
        await db.Studies.Where(s => s.Id == study.Study.Id).Unaudited("a count that nobody changes by hand").ExecuteUpdateAsync(s => s.SetProperty(x => x.Opened, 11));
        db.SessionEvents.Add(new SessionEvent { Id = Guid.CreateVersion7(), SessionId = active, At = DateTimeOffset.UnixEpoch, Kind = SessionEventKind.PictureFailed, Detail = "trial 3: 503" });
        await db.SaveChangesAsync();

        var watch = new StudyWatch(Databases, new SessionDigests(Databases, TimeProvider.System), TimeProvider.System);
        var seen = (await watch.LookAsync(study.Study.Id))!;
        // Two have finished, one of them too fast to count; one is under way after two practice trials and one main trial, one withdrew there, one stopped there.
        Assert.Equal(new StudyFunnel(11, 6, 4, 2, 1) { InProgress = 1, ScreenedOut = 1, StoppedEarly = 1, Withdrawn = 1, ExcludedByRule = 1, PlacesTaken = 3, Judged = 2 }, seen.Funnel);
        Assert.Equal("done, too fast", seen.Sessions.Single(s => s.ExcludedBecause is not null).Word(seen.Now));
        Assert.Equal([new TroubleLine(DateTimeOffset.UnixEpoch, "P3", true, "trial 3: 503")], seen.Troubles);
        Assert.StartsWith("1 picture could not be loaded, by 1 of the participants", Assert.Single(seen.Alarms), StringComparison.Ordinal);

        // Three hold a place, and natural is one of three conditions of six trials.
        Assert.Equal(3 * study.Design.MainTrials, seen.Balance.Sum(b => b.Given));
        Assert.Equal("natural", seen.Balance[0].Condition);
        Assert.All(seen.Balance, b => Assert.InRange(b.Given, 3 * b.Least, 6 * Math.Max(1, b.Most)));

        var strips = await watch.StripsAsync(seen.Sessions);
        Assert.Equal((9, 1, 1), (strips[finished].Answered, strips[finished].CatchTrials, strips[finished].CatchCorrect));
        Assert.Equal((3, 9), (strips[active].Answered, strips[active].Cells.Count));
        Assert.Equal([true, true, false], strips[active].Cells.Take(3).Select(c => c.IsPractice));
        Assert.All(strips[active].Cells.Skip(3), c => Assert.Null(c.Verdict));

        // It goes on, and the page sees it.
        await AnswerRestAsync(study, active, receive);
        seen = (await watch.LookAsync(study.Study.Id))!;
        Assert.Equal((0, 3), (seen.Funnel.InProgress, seen.Funnel.Finished));
        Assert.Equal(9, (await watch.StripsAsync(seen.Sessions))[active].Answered);
    }

    [Fact]
    public void It_says_by_itself_what_goes_wrong()
    {
        var study = new Study { Name = "S", LinkKey = "s", DraftJson = "", State = StudyState.Open, Places = 20 };
        Assert.Empty(StudyAlarms.Of(study, 17, 20, 1, []));
        Assert.StartsWith("The timing is bad in 2 of 20 finished sessions (10 %)", Assert.Single(StudyAlarms.Of(study, 17, 20, 2, [])), StringComparison.Ordinal);
        Assert.Equal("18 of 20 places are taken: the study is nearly full.", Assert.Single(StudyAlarms.Of(study, 18, 0, 0, [])));
        Assert.StartsWith("All 20 places are taken", Assert.Single(StudyAlarms.Of(study, 20, 0, 0, [])), StringComparison.Ordinal);
        Assert.StartsWith("1 answer was refused", Assert.Single(StudyAlarms.Of(study, 0, 0, 0, [new(default, "P1", false, "why")])), StringComparison.Ordinal);
        study.State = StudyState.Closed;
        Assert.Empty(StudyAlarms.Of(study, 20, 0, 0, []));
    }

    [Fact]
    public async Task Rules_can_be_tried_on_finished_sessions_without_changing_anything()
    {
        var study = await PublishAsync(places: null);
        var (start, receive) = (new SessionStart(Databases, TimeProvider.System), new ReceiveResponse(Databases, new PublishedDesigns(), TimeProvider.System));
        foreach (var ms in (double[])[150, 400, 800]) await AnswerAsync(study, start, receive, all: true, reactionTimeMs: ms);
        await using var db = database.Open();
        var tried = await ExclusionTry.OfAsync(db, new SessionDigests(Databases, TimeProvider.System), study.Study.Id, new() { MedianReactionTimeMsAtLeast = 500, HastyAtMost = 0.5 });
        Assert.Equal((3, 2), (tried.Finished, tried.LeftOut));
        Assert.Equal(["P1", "P2"], tried.Hit.Single().Value);
        Assert.Equal(3, await db.Sessions.CountAsync(s => s.StudyVersionId == study.Version.Id && s.State == SessionState.Completed));
    }

    private async Task<TestStudy> PublishAsync(int? places)
    {
        await using var db = database.Open();
        return await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), places: places, change: d => d with { Exclusion = new() { MedianReactionTimeMsAtLeast = 100 } });
    }

    private async Task<Guid> AnswerAsync(TestStudy study, SessionStart start, ReceiveResponse receive, bool all, double reactionTimeMs = 612)
    {
        var session = (await start.StartAsync(study.LinkKey, study.Version.Id, "test")).SessionId;
        await AnswerRestAsync(study, session, receive, all ? int.MaxValue : 3, reactionTimeMs);
        return session;
    }

    private async Task AnswerRestAsync(TestStudy study, Guid session, ReceiveResponse receive, int most = int.MaxValue, double reactionTimeMs = 612)
    {
        await using var db = database.Open();
        var trials = await db.Trials.Where(t => t.SessionId == session && t.Response == null).OrderBy(t => t.Position).Select(t => new { t.Id, t.CorrectCategory }).Take(most).ToListAsync();
        await receive.ReceiveAsync(session, trials.Select(t => Answers.Of(t.Id, t.CorrectCategory, reactionTimeMs)).ToList());
        Assert.Contains(study.Design.Categories, c => trials.Any(t => t.CorrectCategory == c));
    }
}

public sealed class StudyWatchOnSqliteTests(SqliteDatabase database) : StudyWatchTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudyWatchOnPostgresTests(PostgresDatabase database) : StudyWatchTests(database), IClassFixture<PostgresDatabase>;
