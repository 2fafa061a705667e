using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

public abstract class ReceiveResponseTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private ReceiveResponse Receiver => new(Databases, new PublishedDesigns(), TimeProvider.System);

    private async Task<(Guid Session, List<Trial> Trials)> StartAsync(int mainTrials = 6)
    {
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(), mainTrials: mainTrials);
        var started = await new SessionStart(Databases, TimeProvider.System).StartAsync(study.LinkKey, study.Version.Id, "test");
        return (started.SessionId, await db.Trials.AsNoTracking().Where(t => t.SessionId == started.SessionId).OrderBy(t => t.Position).ToListAsync());
    }

    private async Task<List<Response>> StoredAsync(Guid session)
    {
        await using var db = database.Open();
        return await db.Responses.AsNoTracking().Where(r => db.Trials.Any(t => t.Id == r.TrialId && t.SessionId == session)).ToListAsync();
    }

    [Fact]
    public async Task Stores_and_judges_an_answer()
    {
        var (session, trials) = await StartAsync();
        var right = trials[^1];
        var wrong = trials[^2];
        await Receiver.ReceiveAsync(session, Answers.Of(right.Id, right.CorrectCategory, 512.345));
        await Receiver.ReceiveAsync(session, Answers.Of(wrong.Id, wrong.CorrectCategory == "cat" ? "bear" : "cat"));
        var stored = await StoredAsync(session);
        Assert.Equal(2, stored.Count);
        var good = stored.Single(r => r.TrialId == right.Id);
        Assert.True(good.Correct);
        Assert.Equal(512.345, good.ReactionTimeMs);
        Assert.Contains("\"refreshIntervalMs\":16.667", good.TimingJson, StringComparison.Ordinal);
        Assert.False(stored.Single(r => r.TrialId == wrong.Id).Correct);
    }

    [Fact]
    public async Task Only_the_receipt_of_a_practice_trial_says_what_was_right()
    {
        var (session, trials) = await StartAsync();
        var practice = trials[0];
        var main = trials[^1];
        Assert.Equal(practice.CorrectCategory, (await Receiver.ReceiveAsync(session, Answers.Of(practice.Id, "boat"))).CorrectChoice);
        Assert.Null((await Receiver.ReceiveAsync(session, Answers.Of(main.Id, "boat"))).CorrectChoice);
    }

    [Fact]
    public async Task A_repeat_gets_the_same_receipt_and_stores_nothing()
    {
        var (session, trials) = await StartAsync();
        var first = await Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "cat"));
        Assert.Equal(first, await Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "cat")));
        Assert.Single(await StoredAsync(session));
    }

    [Fact]
    public async Task A_different_second_answer_keeps_the_first_and_gets_its_receipt()
    {
        var (session, trials) = await StartAsync();
        var first = await Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "cat", 400));
        Assert.Equal(first, await Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "boat", 900)));
        var stored = Assert.Single(await StoredAsync(session));
        Assert.Equal(("cat", 400.0), (stored.Choice, stored.ReactionTimeMs));
    }

    [Fact]
    public async Task Twenty_at_the_same_time_store_one_and_get_one_receipt()
    {
        var (session, trials) = await StartAsync();
        var receiver = Receiver;
        var receipts = await Task.WhenAll(Enumerable.Range(0, 20).Select(n =>
            Task.Run(() => receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, n % 2 == 0 ? "cat" : "boat", 300 + n)))));
        var stored = Assert.Single(await StoredAsync(session));
        Assert.All(receipts, receipt => Assert.Equal(receipts[0], receipt));
        Assert.Equal(stored.Choice, receipts[0].Choice);
    }

    [Fact]
    public async Task A_trial_of_another_session_is_refused_and_nothing_is_stored()
    {
        var (mine, _) = await StartAsync();
        var (other, otherTrials) = await StartAsync();
        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Receiver.ReceiveAsync(mine, Answers.Of(otherTrials[0].Id, "cat")));
        Assert.Equal((404, "This trial is not part of your session, so the answer was not stored."), (refused.Status, refused.Message));
        Assert.Empty(await StoredAsync(mine));
        Assert.Empty(await StoredAsync(other));
    }

    [Fact]
    public async Task A_choice_that_is_none_is_refused_and_nothing_is_stored()
    {
        var (session, trials) = await StartAsync();
        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "unicorn")));
        Assert.Equal((400, "'unicorn' is not one of the choices of this study, so the answer was not stored."), (refused.Status, refused.Message));
        refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "cat", -3)));
        Assert.Equal(400, refused.Status);
        Assert.Empty(await StoredAsync(session));
    }

    [Fact]
    public async Task The_last_answer_completes_the_session_even_when_answers_arrive_all_at_once()
    {
        var (session, trials) = await StartAsync();
        var receiver = Receiver;
        await using var db = database.Open();
        foreach (var trial in trials.Skip(4)) await receiver.ReceiveAsync(session, Answers.Of(trial.Id, "cat"));
        Assert.Equal(new() { Missing = 4 }, await SessionEnd.CompleteAsync(db, new PublishedDesigns(), session, TimeProvider.System));
        Assert.Equal(SessionState.Active, (await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == session)).State);

        await Task.WhenAll(trials.Take(4).Select(trial => Task.Run(() => receiver.ReceiveAsync(session, Answers.Of(trial.Id, "cat")))));

        var ended = await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == session);
        Assert.Equal(SessionState.Completed, ended.State);
        Assert.NotNull(ended.CompletedAt);
        Assert.Equal(8, ended.CompletionCode!.Length);
        Assert.Equal(ended.CompletionCode, (await SessionEnd.CompleteAsync(db, new PublishedDesigns(), session, TimeProvider.System)).Code);
        // A repeat after the end is still answered.
        Assert.Equal("cat", (await receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "boat"))).Choice);
    }

    [Fact]
    public async Task Who_leaves_has_the_answers_deleted_and_none_is_stored_after()
    {
        var (session, trials) = await StartAsync();
        await Receiver.ReceiveAsync(session, Answers.Of(trials[0].Id, "cat"));
        await using var db = database.Open();
        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        Assert.Empty(await StoredAsync(session));
        var refused = await Assert.ThrowsAsync<ParticipantRefusedException>(() => Receiver.ReceiveAsync(session, Answers.Of(trials[1].Id, "cat")));
        Assert.Equal((409, "This session has ended, so the answer was not stored."), (refused.Status, refused.Message));
        Assert.Empty(await StoredAsync(session));
        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        Assert.Equal(SessionState.Withdrawn, (await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == session)).State);
    }

    [Fact]
    public async Task Leaving_while_answers_arrive_leaves_no_answer_behind()
    {
        var (session, trials) = await StartAsync();
        var receiver = Receiver;
        async Task AnswerAsync(Trial trial)
        {
            try
            {
                await receiver.ReceiveAsync(session, Answers.Of(trial.Id, "cat"));
            }
            catch (ParticipantRefusedException refused)
            {
                Assert.Equal(409, refused.Status);
            }
        }
        async Task LeaveAsync()
        {
            await using var db = database.Open();
            await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        }
        await Task.WhenAll([.. trials.Take(4).Select(t => Task.Run(() => AnswerAsync(t))), Task.Run(LeaveAsync), .. trials.Skip(4).Take(3).Select(t => Task.Run(() => AnswerAsync(t)))]);
        Assert.Empty(await StoredAsync(session));
    }

    [Fact]
    public async Task Answers_of_many_sessions_that_come_at_once_share_transactions_and_each_gets_its_own_receipt()
    {
        const int sessions = 12;
        var people = new List<(Guid Session, List<Trial> Trials, string Token)>();
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>());
        for (var n = 0; n < sessions; n++)
        {
            var started = await new SessionStart(Databases, TimeProvider.System).StartAsync(study.LinkKey, study.Version.Id, "test");
            people.Add((started.SessionId, await db.Trials.AsNoTracking().Where(t => t.SessionId == started.SessionId).OrderBy(t => t.Position).ToListAsync(), ParticipantToken.Sha256(started.Token)));
        }
        // The first goes alone; the others come meanwhile.
        using var allSent = new ManualResetEventSlim();
        var counted = new CountedDatabases(Databases) { BeforeFirst = allSent.Wait };
        var intake = new ResponseIntake(new ReceiveResponse(counted, new PublishedDesigns(), TimeProvider.System));

        // Each trial three times, the third from a browser without the token.
        var sent = people.SelectMany(p => p.Trials.SelectMany(t => new[]
        {
            (Trial: t.Id, Receipt: intake.ReceiveAsync(new(p.Session, [Answers.Of(t.Id, "cat")], p.Token)), Mine: true),
            (Trial: t.Id, Receipt: intake.ReceiveAsync(new(p.Session, [Answers.Of(t.Id, "boat")], p.Token)), Mine: true),
            (Trial: t.Id, Receipt: intake.ReceiveAsync(new(p.Session, [Answers.Of(t.Id, "bear")], ParticipantToken.Sha256("somebody else's"))), Mine: false),
        })).ToList();
        allSent.Set();
        foreach (var (trial, receipt, mine) in sent)
        {
            if (mine) Assert.Equal((trial, "cat"), ((await receipt).Receipts.Single().TrialId, (await receipt).Receipts.Single().Choice));
            else Assert.Equal(401, (await Assert.ThrowsAsync<ParticipantRefusedException>(() => receipt)).Status);
        }
        foreach (var (session, trials, _) in people)
        {
            Assert.Equal(trials.Select(t => t.Id).Order(), (await StoredAsync(session)).Where(r => r.Choice == "cat").Select(r => r.TrialId).Order());
            Assert.Equal(SessionState.Completed, (await db.Sessions.AsNoTracking().FirstAsync(s => s.Id == session)).State);
        }
        Assert.InRange(counted.Count, 1, sent.Count / 4);
    }

    [Fact]
    public async Task When_a_shared_transaction_fails_each_delivery_tries_again_by_itself()
    {
        var (session, trials) = await StartAsync();
        // The first goes alone; those that come meanwhile go together, and their connection is lost.
        using var allSent = new ManualResetEventSlim();
        var counted = new CountedDatabases(Databases, failOn: 2) { BeforeFirst = allSent.Wait };
        var intake = new ResponseIntake(new ReceiveResponse(counted, new PublishedDesigns(), TimeProvider.System));
        var alone = intake.ReceiveAsync(new(session, [Answers.Of(trials[0].Id, "cat")]));
        while (counted.Count == 0) await Task.Delay(1, TestContext.Current.CancellationToken);
        var others = trials.Skip(1).Take(4).Select(t => intake.ReceiveAsync(new(session, [Answers.Of(t.Id, "cat")]))).ToArray();
        allSent.Set();
        var receipts = await Task.WhenAll([alone, .. others]);
        Assert.Equal(trials.Take(5).Select(t => t.Id), receipts.Select(r => r.Receipts.Single().TrialId));
        Assert.Equal(5, (await StoredAsync(session)).Count);
        Assert.Equal(6, counted.Count);
    }

    [Fact]
    public async Task When_it_fails_alone_the_browser_hears_of_it_and_can_send_again()
    {
        var (session, trials) = await StartAsync();
        var intake = new ResponseIntake(new ReceiveResponse(new CountedDatabases(Databases, failOn: 1), new PublishedDesigns(), TimeProvider.System));
        await Assert.ThrowsAsync<IOException>(() => intake.ReceiveAsync(new(session, [Answers.Of(trials[0].Id, "cat")])));
        Assert.Empty(await StoredAsync(session));
        Assert.Single((await intake.ReceiveAsync(new(session, [Answers.Of(trials[0].Id, "cat")]))).Receipts);
    }

    // One context is one transaction.
    private sealed class CountedDatabases(IDbContextFactory<StudyDb> inner, int failOn = 0) : IDbContextFactory<StudyDb>
    {
        private int count;

        public int Count => count;

        public Action? BeforeFirst { get; init; }

        public StudyDb CreateDbContext()
        {
            var now = Interlocked.Increment(ref count);
            if (now == 1) BeforeFirst?.Invoke();
            return now == failOn ? throw new IOException("The connection is lost.") : inner.CreateDbContext();
        }
    }
}

public sealed class ReceiveResponseOnSqliteTests(SqliteDatabase database) : ReceiveResponseTests(database), IClassFixture<SqliteDatabase>;

public sealed class ReceiveResponseOnPostgresTests(PostgresDatabase database) : ReceiveResponseTests(database), IClassFixture<PostgresDatabase>;
