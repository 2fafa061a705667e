using System.Net;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation.OnDemand;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Server.Tests.Participation.Adaptive;

/// <summary>A closed loop in sessions on the real server: what it chooses, shows and keeps.</summary>
public abstract class ClosedLoopSessionTests(TestDatabase database)
{
    private static readonly string[] Stages = ["opponent", "rectified", "pooled"];

    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_staircase_follows_the_answers_and_every_decision_is_in_the_data()
    {
        await using var server = await database.StartServerAsync();
        // All stages are made before, so that whatever is wanted is there.
        var world = await OnDemandWorld.PublishAsync(server, Stages, d => d with
        {
            Conditions = [.. d.Conditions.Where(c => !c.IsNatural), StudyCondition.Natural], CatchTrials = 0, MainTrials = 4,
            Adaptive = new AdaptiveSettings { Method = AdaptiveMethod.Staircase, RightInARow = 1, ModelId = d.OnDemand.Conditions[0].ModelId },
        });
        await world.MakeAllAsync();
        var session = await world.StartAsync();
        var wanted = new List<int>();
        foreach (var trial in await world.TrialsAsync(session))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}")).StatusCode);
            var now = (await world.TrialsAsync(session)).Single(t => t.Id == trial.Id);
            if (now.ModelId is not null) wanted.Add(1 + Array.IndexOf(Stages, world.Colours.Model.Stages.Single(s => s.Id == now.StageId).Name));
            await world.AnswerAsync(session, trial.Id, now.CorrectCategory);
        }
        // Always right: one stage deeper each time.
        Assert.Equal([1, 2, 3], wanted);
        await using var db = server.OpenDatabase();
        var version = await db.StudyVersions.AsNoTracking().SingleAsync(v => v.Id == world.Version.Id);
        var result = (await AdaptiveResults.LoadAsync(db, [version], ObserverType.Human))[session];
        Assert.Equal(Stages, result.Levels);
        Assert.Equal([(1, 0, 1, 1, true), (2, 1, 2, 2, true), (3, 2, 3, 3, true)],
            result.Steps.Select(s => (s.Decision.Number, s.Decision.AnswersUsed, s.Decision.WantedLevel, s.Decision.ShownLevel ?? 0, s.Correct == true)));

        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        Assert.Empty(await db.AdaptiveDecisions.ToListAsync());
        Assert.All((await world.TrialsAsync(session)).Where(t => t.ModelId is not null), t => Assert.Null(t.StageId));
    }

    [Fact]
    public async Task A_loop_over_loss_levels_shows_what_was_cut_off_there()
    {
        await using var server = await database.StartServerAsync();
        var world = await OnDemandWorld.PublishAsync(server, ["rectified"], d =>
        {
            var finished = d.OnDemand.Conditions[0];
            StudyCondition[] levels = [finished with { LossLevel = 0.5 }, finished, finished with { LossLevel = 0.2 }];
            return d with
            {
                Conditions = [.. levels, StudyCondition.Natural], CatchTrials = 0, MainTrials = 4, OnDemand = d.OnDemand with { Conditions = levels },
                Adaptive = new AdaptiveSettings { Method = AdaptiveMethod.Staircase, RightInARow = 1, ModelId = finished.ModelId, LossStageId = finished.StageId },
            };
        });
        await world.MakeAllAsync();
        var session = await world.StartAsync();
        var shown = new List<Trial>();
        foreach (var trial in await world.TrialsAsync(session))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}")).StatusCode);
            var now = (await world.TrialsAsync(session)).Single(t => t.Id == trial.Id);
            if (now.ModelId is not null) shown.Add(now);
            await world.AnswerAsync(session, trial.Id, now.CorrectCategory);
        }
        // Always right: first the finished metamer, then more and more loss.
        Assert.Equal([0, 0.2, 0.5], shown.Select(t => t.LossLevel));
        await using var db = server.OpenDatabase();
        foreach (var trial in shown)
        {
            var metamer = await db.Metamers.AsNoTracking().SingleAsync(m => m.StimulusId == trial.StimulusId);
            var manifest = JsonSerializer.Deserialize<MetamerManifest>(metamer.ManifestJson, HostProtocol.Files)!;
            Assert.Equal((trial.LossLevel, trial.LossLevel), (metamer.LossLevel, manifest.Plan.LossLevel ?? 0));
            Assert.True(metamer.MeetsCriteria);
            if (trial.LossLevel > 0) Assert.InRange(metamer.LossOfSavedFile / manifest.Curve[0].Loss, 0.7 * trial.LossLevel, 1.42 * trial.LossLevel);
        }
        var version = await db.StudyVersions.AsNoTracking().SingleAsync(v => v.Id == world.Version.Id);
        var result = (await AdaptiveResults.LoadAsync(db, [version], ObserverType.Human))[session];
        Assert.Equal(["rectified", "rectified at loss 0.2", "rectified at loss 0.5"], result.Levels);
        Assert.Equal((0, 0.1, 0.35, null, null), (result.LossAt(1), result.LossAt(1.5), result.LossAt(2.5)!.Value, result.LossAt(0.5), result.LossAt(3.5)));
        var records = await server.Services.GetRequiredService<TrialQuery>().ReadAsync(world.Study.Id, new TrialFilter(IncludeIncomplete: true)).Where(r => r is { Observer: ObserverKind.Human, Condition: ConditionKind.Metamer }).ToListAsync();
        Assert.Equal([("rectified", 1, 0.0), ("rectified at loss 0.2", 2, 0.2), ("rectified at loss 0.5", 3, 0.5)], records.Select(r => (r.Stage!, r.StageIndex!.Value, r.LossLevel)));

        await SessionEnd.WithdrawAsync(db, session, TimeProvider.System);
        Assert.All((await world.TrialsAsync(session)).Where(t => t.ModelId is not null), t => Assert.Equal((null, 0.0), (t.StageId, t.LossLevel)));
    }

    [Fact]
    public async Task QuestPlus_estimates_the_level_of_each_participant()
    {
        await using var server = await database.StartServerAsync();
        var world = await OnDemandWorld.PublishAsync(server, Stages, d => d with
        {
            CatchTrials = 0, Adaptive = new AdaptiveSettings { Method = AdaptiveMethod.QuestPlus, Criterion = 0.6, ModelId = d.OnDemand.Conditions[0].ModelId },
        });
        await world.MakeAllAsync();
        var session = await world.StartAsync();
        foreach (var trial in await world.TrialsAsync(session))
        {
            await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}");
            var now = (await world.TrialsAsync(session)).Single(t => t.Id == trial.Id);
            var wrong = world.Version.Design.Categories.First(c => c != now.CorrectCategory);
            // Sees the first stage and no other.
            await world.AnswerAsync(session, trial.Id, now.StageId == world.Colours.Stage("opponent") || now.ModelId is null ? now.CorrectCategory : wrong);
        }
        await using var db = server.OpenDatabase();
        var version = await db.StudyVersions.AsNoTracking().SingleAsync(v => v.Id == world.Version.Id);
        var result = (await AdaptiveResults.LoadAsync(db, [version], ObserverType.Human))[session];
        Assert.InRange(result.Estimate!.Value.Level, 0.5, 2.2);
        Assert.True(result.Steps.Count is 4 or 5 && result.Estimate.Value.Sd > 0);
        Assert.All(result.Steps.Skip(1), s => Assert.NotNull(s.Decision.EstimatedLevel));
    }
}

public sealed class ClosedLoopSessionOnSqliteTests(SqliteDatabase database) : ClosedLoopSessionTests(database), IClassFixture<SqliteDatabase>;

public sealed class ClosedLoopSessionOnPostgresTests(PostgresDatabase database) : ClosedLoopSessionTests(database), IClassFixture<PostgresDatabase>;
