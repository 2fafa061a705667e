using System.Data.Common;
using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Monitoring;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.OnDemand;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation.OnDemand;

/// <summary>What trials show where metamers are made during the session: with the real queue, and syntheses in the real host or held back.</summary>
public abstract class TrialSettlementTests(TestDatabase database)
{
    // No worker: what is ordered stays in the queue.
    private const string NoWorker = "--Worker:InServer=false";

    private readonly TestDatabase database = database.Need();

    protected abstract bool CanHoldBack { get; }

    [Fact]
    public async Task Everything_is_made_shown_and_recorded_and_the_next_session_takes_what_is_there()
    {
        await using var server = await database.StartServerAsync();
        var world = await OnDemandWorld.PublishAsync(server, ["opponent", "pooled"]);
        var session = await world.StartAsync();
        var plan = await world.TrialsAsync(session);
        Assert.All(plan, t => Assert.True(t.IsOpen));
        Assert.All(plan.Where(t => t.OnDemand), t => Assert.Null(t.StimulusId));
        Assert.Equal(4, plan.Count(t => t.OnDemand));
        await world.UntilMadeAsync();
        await ShowAndAnswerAsync(server, world, session);

        var shown = await world.TrialsAsync(session);
        Assert.Equal(plan.Select(Row), shown.Select(Row));
        Assert.Equal(plan.Select(Cell).Order(), shown.Select(Cell).Order());
        Assert.All(shown, t => Assert.False(t.IsOpen));
        Assert.All(shown, t => Assert.NotNull(t.WaitedMs));
        await using var db = server.OpenDatabase();
        var accepted = (await db.Metamers.Where(m => m.MeetsCriteria).Select(m => m.StimulusId).ToListAsync()).ToHashSet();
        Assert.All(shown.Where(t => t.OnDemand && t.Fallback is null), t => Assert.Contains(t.StimulusId!.Value, accepted));
        Assert.Contains(shown, t => t is { OnDemand: true, Fallback: null, SynthesisJobId: not null });

        // Somebody else on the same cells waits for nothing, and nothing is made twice.
        var jobs = (await world.Colours.JobsAsync(world.Version.Id)).Count;
        await world.UntilMadeAsync();
        var next = await world.StartAsync();
        await world.UntilMadeAsync();
        await ShowAndAnswerAsync(server, world, next);
        Assert.InRange((await world.Colours.JobsAsync(world.Version.Id)).Count, jobs, 12 * 2);

        var records = new List<TrialRecord>();
        await foreach (var record in TrialQuery.ReadAsync(db, world.Study.Id, new TrialFilter())) records.Add(record);
        var own = records.Where(r => r.Observer == ObserverKind.Human).ToList();
        Assert.Equal(14, own.Count);
        Assert.Equal(own.Count(r => r.MadeOnDemand), own.Count(r => r.Condition == ConditionKind.Metamer && r.Fallback is null));
        Assert.All(own.Where(r => r.Fallback == OnDemandFallback.Natural), r => Assert.True(r.Swapped));
        var results = await server.Services.GetRequiredService<DigestedStudy>().ReadAsync(world.Study.Id, new TrialFilter());
        var digested = results.Trials.Where(t => t.Observer == ObserverKind.Human).ToList();
        Assert.Equal(own.Select(r => (r.Session, r.StimulusSha256, r.Correct)).Order(), digested.Select(r => (r.Session, r.StimulusSha256, r.Correct)).Order());
        // Another seed of one that failed may have been ordered beside the last request.
        var state = await Wait.UntilAsync(async () => (await OnDemandState.LoadAsync(db, world.Version))!, now => now is { Queued: 0, Running: 0 }, now => $"{now}.");
        Assert.Equal(8, state.Shown + state.Natural + state.Pregenerated);
        Assert.True(state.PoolAsFrozen && state.SecondsToReady!.Value.Median > 0);
    }

    [Fact]
    public async Task What_waits_moves_back_and_falls_back_at_the_end_and_what_was_shown_stays()
    {
        Assert.SkipUnless(CanHoldBack, "With the embedded database the server is its own worker.");
        await using var server = await database.StartServerAsync(NoWorker);
        var world = await OnDemandWorld.PublishAsync(server, ["opponent", "pooled"], d => d with { OnDemand = d.OnDemand with { PatienceMs = 300 } });
        var session = await world.StartAsync();
        var plan = await world.TrialsAsync(session);
        Assert.Equal(3, plan.Count(t => !t.OnDemand));

        // The three that need nothing come first, whatever the order was; then nothing is ready.
        var seen = new List<(Guid, Guid?, string)>();
        foreach (var trial in plan)
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}")).StatusCode);
            var rows = await world.TrialsAsync(session);
            var row = rows.Single(t => t.Id == trial.Id);
            seen.Add((row.Id, row.StimulusId, row.CorrectCategory));
            Assert.Equal(seen, rows.Where(t => !t.IsOpen).Select(t => (t.Id, t.StimulusId, t.CorrectCategory)));
        }
        var shown = await world.TrialsAsync(session);
        Assert.Equal([false, false, false, true, true, true, true], shown.Select(t => t.OnDemand));
        Assert.All(shown.Skip(3), t => Assert.Equal((OnDemandFallback.Natural, true, t.NaturalStimulusId), (t.Fallback, t.Swapped, t.StimulusId)));
        Assert.All(shown.Skip(3), t => Assert.True(t.WaitedMs >= 300));
        Assert.Equal(plan.Select(Cell).Order(), shown.Select(Cell).Order());

        // The nearest trial's synthesis is the first in the queue.
        await using var db = server.OpenDatabase();
        var queued = await db.SynthesisJobs.Where(j => j.CampaignId == world.Version.Id && j.NeededAt != null).OrderBy(j => j.NeededAt).ToListAsync();
        Assert.Equal(plan.Where(t => t.OnDemand).Select(Cell).First(), (queued[0].NaturalStimulusId, queued[0].StageId, false).ToString());
    }

    [Fact]
    public async Task A_request_asks_the_database_a_bounded_number_of_times_however_long_the_session_is()
    {
        Assert.SkipUnless(CanHoldBack, "With the embedded database the server is its own worker.");
        await using var server = await database.StartServerAsync(NoWorker);
        var counts = new List<int>();
        foreach (var naturals in (int[])[6, 60])
        {
            var world = await OnDemandWorld.PublishAsync(server, ["opponent", "pooled"], naturals, d => d with { CatchTrials = 0, OnDemand = d.OnDemand with { PatienceMs = 400 } });
            var session = await world.StartAsync();
            await using var db = server.OpenDatabase();
            // As if all that needs nothing had been shown: what is left is all to be made, and nobody makes it.
            await db.Trials.Where(t => t.SessionId == session && !t.OnDemand).ExecuteUpdateAsync(t => t.SetProperty(x => x.IsOpen, false));
            var trial = (await world.TrialsAsync(session)).First(t => t.IsOpen);
            var counted = new CountedDatabases(db);
            var settlement = new TrialSettlement(counted, server.Services.GetRequiredService<PublishedDesigns>(), server.Services.GetRequiredService<SessionOrders>(), TimeProvider.System);
            await settlement.SettleAsync(world.Version.Id, session, trial.Id);
            Assert.False((await world.TrialsAsync(session)).Single(t => t.Id == trial.Id).IsOpen);
            counts.Add(counted.Statements);
        }
        // A glance each 150 ms of the patience, and two settlements, each of which asks for the session's row, the trials, those before, the syntheses and the published metamers, and writes once.
        Assert.All(counts, count => Assert.InRange(count, 6, 3 + 2 * 8));
    }

    [Fact]
    public async Task The_synthesis_of_a_campaign_steps_aside_and_goes_on_from_where_it_was()
    {
        await using var server = await database.StartServerAsync("--Worker:CheckpointSeconds=0.2");
        var world = await OnDemandWorld.PublishAsync(server, ["opponent"], d => d with { CatchTrials = 0, MainTrials = 2 });
        await world.UntilMadeAsync();
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        // The published schedule has no early stop: it is still under way, whatever else the machine does.
        var campaign = await campaigns.StartAsync(world.Colours.Plan("long", "pooled") with { Preset = "feather2023", Steps = 1_000_000, NaturalIds = [world.Colours.Naturals[0]] });
        await world.Colours.UntilAsync(campaign.Id, jobs => jobs[0] is { State: SynthesisState.Running, StepsDone: > 0, CheckpointSha256: not null });
        await server.Services.GetRequiredService<OnDemandOrders>().OrderAsync(world.Version.Id, world.Version.Design,
            [new OnDemandWish(world.Colours.Naturals[1], world.Version.Design.OnDemand.Conditions[0], DateTimeOffset.UnixEpoch)]);
        await world.UntilMadeAsync();

        // It has not come to its end, nothing counts against it, and it never begins anew.
        var aside = (await world.Colours.JobsAsync(campaign.Id)).Single();
        Assert.True(aside is { State: SynthesisState.Queued or SynthesisState.Running, StepsDone: > 0, Failure: null, CheckpointSha256: not null });
        await world.Colours.UntilAsync(campaign.Id, jobs =>
        {
            Assert.True(jobs[0].StepsDone >= aside.StepsDone);
            return jobs[0].State == SynthesisState.Running && jobs[0].StepsDone > aside.StepsDone;
        });
        Assert.InRange((await world.Colours.JobsAsync(campaign.Id)).Single().Attempts, 0, 1);
        await campaigns.CancelAsync(campaign.Id);
    }

    [Fact]
    public async Task A_metamer_that_fails_the_criteria_is_never_shown_and_the_next_seed_is_tried()
    {
        Assert.SkipUnless(CanHoldBack, "With the embedded database the server is its own worker.");
        await using var server = await database.StartServerAsync(NoWorker);
        var world = await OnDemandWorld.PublishAsync(server, ["opponent"], d => d with { OnDemand = d.OnDemand with { PatienceMs = 200 }, MainTrials = 2, CatchTrials = 0 });
        var session = await world.StartAsync();
        var trial = (await world.TrialsAsync(session)).Single(t => t.OnDemand);
        await using var db = server.OpenDatabase();
        var set = (await db.Campaigns.SingleAsync(c => c.Id == world.Version.Id)).MetamerSetId!.Value;
        var first = await EndAsync(0, meetsCriteria: false);
        foreach (var row in await world.TrialsAsync(session)) await server.Client.GetAsync($"/stimuli/{row.StimulusKey}");

        var settled = (await world.TrialsAsync(session)).Single(t => t.OnDemand);
        Assert.NotEqual(first, settled.StimulusId);
        Assert.Equal(OnDemandFallback.Natural, settled.Fallback);
        // Ordered beside the request.
        await world.Colours.UntilAsync(world.Version.Id, jobs => jobs.Exists(j => j.NaturalStimulusId == trial.NaturalStimulusId && j is { Seed: 1, State: SynthesisState.Queued }));

        // A researcher leaves out what the criteria let pass: it counts as failed too.
        var other = await EndAsync(1, meetsCriteria: true);
        Assert.Equal(SupplyState.Ready, (await StockAsync()).State);
        await db.Metamers.Where(m => m.StimulusId == other).Unaudited("a test").ExecuteUpdateAsync(m => m.SetProperty(x => x.RejectedBecause, "a blot"));
        Assert.Equal(SupplyState.Exhausted, (await StockAsync()).State);

        async Task<Supply> StockAsync() => (await OnDemandStock.LoadAsync(db, world.Version.Id, world.Version.Design.OnDemand, [trial.NaturalStimulusId!.Value]))
            .Of(trial.NaturalStimulusId.Value, world.Version.Design.OnDemand.Conditions[0]);

        async Task<Guid> EndAsync(int seed, bool meetsCriteria)
        {
            var natural = await db.Stimuli.AsNoTracking().SingleAsync(s => s.Id == trial.NaturalStimulusId);
            var id = Guid.CreateVersion7();
            db.Stimuli.Add(new Stimulus
            {
                Id = id, SetId = set, Name = $"{natural.Name}-{seed}", Category = natural.Category, Sha256 = natural.Sha256, MediaType = "image/png", Width = 32, Height = 32, CreatedAt = DateTimeOffset.UnixEpoch,
                Metamer = new Metamer
                {
                    StimulusId = id, NaturalStimulusId = natural.Id, ModelId = trial.ModelId!.Value, StageId = trial.StageId!.Value, Preset = "fast", Seed = seed,
                    NaturalClass = "n", MetamerClass = "n", MeetsCriteria = meetsCriteria, ManifestJson = "{}",
                },
            });
            await db.SaveChangesAsync();
            await db.SynthesisJobs.Where(j => j.NaturalStimulusId == natural.Id && j.Seed == seed && j.CampaignId == world.Version.Id)
                .ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Done).SetProperty(x => x.MetamerStimulusId, id));
            return id;
        }
    }

    [Fact]
    public async Task An_answer_to_what_was_not_asked_for_is_refused_and_nothing_is_made_for_simulated_observers()
    {
        Assert.SkipUnless(CanHoldBack, "With the embedded database the server is its own worker.");
        await using var server = await database.StartServerAsync(NoWorker);
        var world = await OnDemandWorld.PublishAsync(server, ["opponent"]);
        var session = await world.StartAsync();
        var trial = (await world.TrialsAsync(session))[0];
        await Assert.ThrowsAsync<ParticipantRefusedException>(() => world.AnswerAsync(session, trial.Id, "red"));
        Assert.True((await world.TrialsAsync(session))[0].IsOpen);

        await using var db = server.OpenDatabase();
        var before = await db.SynthesisJobs.CountAsync();
        await server.Services.GetRequiredService<StudySimulation>().RunAsync(world.Study.Id, 2, new(), 1);
        Assert.Equal(before, await db.SynthesisJobs.CountAsync());
        var results = await server.Services.GetRequiredService<DigestedStudy>().ReadAsync(world.Study.Id, new TrialFilter(ObserverType.Synthetic));
        Assert.All(results.Trials.Where(t => t is { Condition: ConditionKind.Metamer, Observer: ObserverKind.Synthetic }), t => Assert.Null(t.Stimulus));
        Assert.DoesNotContain(results.Trials, t => t is { Condition: ConditionKind.Metamer, Observer: ObserverKind.Model });
    }

    [Fact]
    public async Task The_same_made_elsewhere_is_taken_over_and_another_pool_makes_nothing()
    {
        await using var server = await database.StartServerAsync();
        await OnDemandWorld.ForgetAsync(server);
        var world = await ColourWorld.MakeAsync(server);
        var campaign = await server.Services.GetRequiredService<CampaignService>().StartAsync(world.Plan("before", "opponent") with { NaturalIds = [world.Naturals[0]] });
        await world.UntilAsync(campaign.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        await using var db = server.OpenDatabase();
        var settings = OnDemandWorld.Settings(world, "opponent");
        var design = new StudyDesign
        {
            Title = "t", Consent = "c", Instructions = "i", Thanks = "t", Categories = ["blue", "green", "red"], Conditions = [StudyCondition.Natural, .. settings.Conditions],
            NaturalStimuli = world.Naturals, PracticeStimuli = [], MainTrials = 6, OnDemand = settings,
        };
        var study = new Study { Id = Guid.CreateVersion7(), Name = $"reuse {Guid.NewGuid():N}", LinkKey = StudyPublisher.NewLinkKey(), DraftJson = "", Draft = design, CreatedAt = DateTimeOffset.UnixEpoch };
        db.Studies.Add(study);
        await db.SaveChangesAsync();
        // Publication orders the first natural stimulus at every condition.
        var version = await server.Services.GetRequiredService<StudyPublisher>().PublishAsync(study.Id);
        var (made, taken) = ((await world.JobsAsync(campaign.Id)).Single(), (await world.JobsAsync(version.Id)).Single());
        Assert.Equal((SynthesisState.Done, made.MetamerStimulusId, (double?)null), (taken.State, taken.MetamerStimulusId, taken.Seconds));

        await ColourWorld.AddAsync(server, world.NaturalSet, "red", ("another.png", Server.Tests.Models.ColourNet.Picture("red", 77)));
        await server.Services.GetRequiredService<OnDemandOrders>().OrderAsync(version.Id, version.Design, [new OnDemandWish(world.Naturals[1], settings.Conditions[0], DateTimeOffset.UnixEpoch)]);
        Assert.Single(await world.JobsAsync(version.Id));
        Assert.False((await OnDemandState.LoadAsync(db, version))!.PoolAsFrozen);
    }

    /// <summary>Counts what is asked of a PostgreSQL database.</summary>
    private sealed class CountedDatabases : DbCommandInterceptor, IDbContextFactory<StudyDb>
    {
        private readonly DbContextOptions<PostgresStudyDb> options;

        public CountedDatabases(StudyDb like) => options = new DbContextOptionsBuilder<PostgresStudyDb>((DbContextOptions<PostgresStudyDb>)like.GetService<IDbContextOptions>()).AddInterceptors(this).Options;

        public int Statements { get; private set; }

        public StudyDb CreateDbContext() => new PostgresStudyDb(options);

        public override ValueTask<InterceptionResult<DbDataReader>> ReaderExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<DbDataReader> result, CancellationToken cancellationToken = default)
        {
            Statements++;
            return new(result);
        }

        public override ValueTask<InterceptionResult<int>> NonQueryExecutingAsync(DbCommand command, CommandEventData eventData, InterceptionResult<int> result, CancellationToken cancellationToken = default)
        {
            Statements++;
            return new(result);
        }
    }

    private static async Task ShowAndAnswerAsync(RunningServer server, OnDemandWorld world, Guid session)
    {
        foreach (var trial in await world.TrialsAsync(session))
        {
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync($"/stimuli/{trial.StimulusKey}")).StatusCode);
            await world.AnswerAsync(session, trial.Id, "red");
        }
    }

    /// <summary>What the browser knows of a trial.</summary>
    private static (Guid, string, int, int) Row(Trial t) => (t.Id, t.StimulusKey, t.Position, t.MaskSeed);

    private static string Cell(Trial t) => (t.NaturalStimulusId, t.StageId, t.IsCatch).ToString();
}

public sealed class TrialSettlementOnSqliteTests(SqliteDatabase database) : TrialSettlementTests(database), IClassFixture<SqliteDatabase>
{
    protected override bool CanHoldBack => false;
}

public sealed class TrialSettlementOnPostgresTests(PostgresDatabase database) : TrialSettlementTests(database), IClassFixture<PostgresDatabase>
{
    protected override bool CanHoldBack => true;
}
