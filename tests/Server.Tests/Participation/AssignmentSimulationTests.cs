using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>
/// Up to 1,000 people, 50 at a time, of whom a quarter drop out in every way there is. The study closes at its number of places, and every cell
/// (natural stimulus and condition) has been completed equally often, within one; exactly where the places are a multiple of the conditions.
/// </summary>
public abstract class AssignmentSimulationTests(TestDatabase database)
{
    private const int AtOnce = 50;

    private readonly TestDatabase database = database.Need();

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    // Twelve stimuli in three conditions, shown all, or eight of them; places are a multiple of the conditions or not.
    [Theory]
    [InlineData(1000, 12, 690, 0)]
    [InlineData(200, 12, 130, 1)]
    [InlineData(200, 8, 130, 1)]
    public async Task Cells_of_completed_sessions_are_even_whoever_leaves(int people, int mainTrials, int places, int spread)
    {
        await using var db = database.Open();
        var study = await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>(),
            categories: ["bear", "boat", "cat", "dog"], each: 3, practice: 0, mainTrials: mainTrials, catchTrials: 0, places: places);
        var clock = TimeProvider.System;
        using var start = new SessionStart(Databases, clock);
        var receive = new ReceiveResponse(Databases, new PublishedDesigns(), clock);
        var exclusion = new SessionExclusion(Databases, clock);
        var (begun, turnedAway) = (0, 0);

        await Parallel.ForEachAsync(Enumerable.Range(0, people), new ParallelOptions { MaxDegreeOfParallelism = AtOnce }, async (person, cancel) =>
        {
            var chance = new Random(person);
            StartedSession started;
            while (true)
            {
                try
                {
                    started = await start.StartAsync(study.LinkKey, study.Version.Id, null, cancel);
                    Interlocked.Increment(ref begun);
                    break;
                }
                catch (ParticipantRefusedException full)
                {
                    Assert.Equal("All places of this study are taken: thank you for your interest.", full.Message);
                    await using var look = database.Open();
                    if (await CompletedAsync(look, study) >= places)
                    {
                        Interlocked.Increment(ref turnedAway);
                        return;
                    }
                    // Somebody under way may still drop out: this person tries again later, and does not keep those under way waiting by asking all the time.
                    await Task.Delay(200, cancel);
                }
            }
            await using var mine = database.Open();
            var trials = await mine.Trials.AsNoTracking().Where(t => t.SessionId == started.SessionId).OrderBy(t => t.Position).Select(t => t.Id).ToListAsync(cancel);
            Assert.Equal(mainTrials, trials.Count);
            var answers = trials.Select(id => Answers.Of(id, study.Design.Categories[chance.Next(4)])).ToList();
            if (chance.NextDouble() < 0.25)
            {
                await receive.ReceiveAsync(started.SessionId, answers.Take(chance.Next(mainTrials)).ToList(), cancel: cancel);
                await DropOutAsync(mine, exclusion, receive, started.SessionId, answers, person % 5, clock);
                return;
            }
            await receive.ReceiveAsync(started.SessionId, answers, cancel: cancel);
        });

        await using var fresh = database.Open();
        Assert.Equal(places, await CompletedAsync(fresh, study));
        Assert.Equal(people, begun + turnedAway);
        var cells = await CellTallies.CountAsync(fresh, study.Version.Id, ObserverType.Human);
        var counts = study.Design.NaturalStimuli.SelectMany(n => study.Design.Conditions.Select(c => cells.GetValueOrDefault(new TrialCell(n, c)))).ToList();
        Assert.Equal(places * mainTrials, counts.Sum());
        // What was tallied on the way is what counting all over gives.
        await CellTallies.ForgetAsync(fresh, study.Version.Id);
        Assert.Equal(cells.OrderBy(c => c.Key.ToString()), (await CellTallies.CountAsync(fresh, study.Version.Id, ObserverType.Human)).OrderBy(c => c.Key.ToString()));
        Assert.InRange(counts.Max() - counts.Min(), 0, spread);
    }

    private static async Task DropOutAsync(
        StudyDb db, SessionExclusion exclusion, ReceiveResponse receive, Guid session, List<Shared.Trials.TrialResponse> answers, int way, TimeProvider clock)
    {
        switch (way)
        {
            case 0:
                await SessionEnd.WithdrawAsync(db, session, clock);
                break;
            case 1:
                await SessionEnd.LeaveAsync(db, session, clock);
                break;
            case 2:
                await db.Sessions.Where(s => s.Id == session).ExecuteUpdateAsync(s => s.SetProperty(x => x.State, SessionState.FailedGate));
                break;
            case 3:
                await receive.ReceiveAsync(session, answers);
                await exclusion.ExcludeAsync(session, "answered without looking");
                break;
            default:
                // Gone without a word: the last sign of life was three hours ago, and places wait for two.
                await db.Sessions.Where(s => s.Id == session).ExecuteUpdateAsync(s => s.SetProperty(x => x.LastSeenAt, clock.GetUtcNow().AddHours(-3)));
                break;
        }
    }

    private static Task<int> CompletedAsync(StudyDb db, TestStudy study) =>
        db.Sessions.CountAsync(s => s.StudyVersionId == study.Version.Id && s.State == SessionState.Completed);
}

public sealed class AssignmentSimulationOnSqliteTests(SqliteDatabase database) : AssignmentSimulationTests(database), IClassFixture<SqliteDatabase>;

public sealed class AssignmentSimulationOnPostgresTests(PostgresDatabase database) : AssignmentSimulationTests(database), IClassFixture<PostgresDatabase>;
