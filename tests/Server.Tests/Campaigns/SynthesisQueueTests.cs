using Hangfire.InMemory;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Server.Tests.Studies;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>Which row comes next, who may take it, and what becomes of a row whose run ends; no synthesis is made.</summary>
public abstract class SynthesisQueueTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();
    private readonly QueuedJobs calls = [];
    private readonly SetClock clock = new();

    [Fact]
    public async Task On_demand_comes_first_the_nearest_before_the_others_then_campaigns_by_priority()
    {
        await using var db = await EmptyAsync();
        var usual = await CampaignAsync(db, priority: 0);
        var before = await CampaignAsync(db, priority: 1);
        var look = await CampaignAsync(db, priority: 100);
        var held = await CampaignAsync(db, priority: 200, CampaignHold.Paused);
        var later = await JobAsync(db, usual, neededInSeconds: 60);
        var old = await JobAsync(db, usual);
        var young = await JobAsync(db, usual);
        var high = await JobAsync(db, before);
        var seen = await JobAsync(db, look);
        await JobAsync(db, held);
        await JobAsync(db, usual, change: j => j.NotBefore = clock.GetUtcNow().AddSeconds(5));
        var soon = await JobAsync(db, usual, neededInSeconds: 10);
        var queue = Queue();
        Assert.Equal([soon, later, seen, high, old, young, null], await ClaimAllAsync(queue));
    }

    [Fact]
    public async Task What_needs_a_graphics_card_waits_for_a_worker_that_has_one()
    {
        await using var db = await EmptyAsync();
        var any = await JobAsync(db, await CampaignAsync(db, priority: 0));
        var gpu = await JobAsync(db, await CampaignAsync(db, priority: 0, needsGpu: true));
        Assert.Equal([any, null], await ClaimAllAsync(Queue()));
        await db.SynthesisJobs.ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Queued));
        Assert.Equal([gpu, any, null], await ClaimAllAsync(Queue("cuda")));

        await db.SynthesisJobs.ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Queued));
        await Queue().CallAgainAsync();
        Assert.Equal([Queues.Synthesis, Queues.Gpu], calls.Select(c => c.Queue));
    }

    [Fact]
    public async Task Two_workers_never_take_the_same_row()
    {
        await using var db = await EmptyAsync();
        var campaign = await CampaignAsync(db, priority: 0);
        for (var n = 0; n < 12; n++) await JobAsync(db, campaign);
        SynthesisQueue[] queues = [Queue(), Queue(), Queue()];
        var taken = await Task.WhenAll(queues.Select(q => Task.Run(() => ClaimAllAsync(q))));
        Assert.Equal(12, taken.SelectMany(t => t).OfType<Guid>().Distinct().Count());
        Assert.Equal(12, taken.SelectMany(t => t).OfType<Guid>().Count());
    }

    [Fact]
    public async Task A_row_whose_run_gives_no_sign_of_life_goes_back_and_after_many_without_progress_it_is_set_aside()
    {
        await using var db = await EmptyAsync();
        var id = await JobAsync(db, await CampaignAsync(db, priority: 0));
        var queue = Queue();
        for (var attempt = 1; attempt < SynthesisQueue.MostLostWorkers; attempt++)
        {
            Assert.NotNull(await queue.ClaimAsync(Guid.CreateVersion7(), default));
            clock.Advance(59);
            await queue.RecoverAsync(everything: false);
            Assert.Equal(SynthesisState.Running, (await RowAsync(db, id)).State);
            clock.Advance(2);
            await queue.RecoverAsync(everything: false);
            var row = await RowAsync(db, id);
            Assert.Equal((SynthesisState.Queued, attempt, "The worker ended during this synthesis."), (row.State, row.Attempts, row.Failure));
            Assert.Equal(attempt switch { 1 => 0, 2 => 10, 3 => 30, _ => 90 }, ((row.NotBefore ?? clock.GetUtcNow()) - clock.GetUtcNow()).TotalSeconds);
            clock.Advance(100);
        }
        Assert.NotNull(await queue.ClaimAsync(Guid.CreateVersion7(), default));
        clock.Advance(61);
        await queue.RecoverAsync(everything: false);
        var last = await RowAsync(db, id);
        Assert.Equal((SynthesisState.Failed, "Set aside after 20 attempts: The worker ended during this synthesis."), (last.State, last.Failure));
        Assert.Null(await queue.ClaimAsync(Guid.CreateVersion7(), default));

        var status = await WorkersStatus.LoadAsync(db, clock.GetUtcNow(), TimeSpan.FromSeconds(60));
        Assert.Equal(id, status.Failed.Single().Job.Id);
        var campaigns = new CampaignService(Databases, queue, null!, null!, clock);
        Assert.Equal(1, await campaigns.RetryAsync(last.CampaignId, id));
        var again = await RowAsync(db, id);
        Assert.Equal((SynthesisState.Queued, 0, null), (again.State, again.Attempts, again.Failure));
    }

    [Fact]
    public async Task A_row_that_ends_one_host_after_another_is_set_aside_with_their_last_words()
    {
        await using var db = await EmptyAsync();
        var id = await JobAsync(db, await CampaignAsync(db, priority: 0));
        var queue = Queue();
        for (var attempt = 1; attempt <= SynthesisQueue.MostAttempts; attempt++)
        {
            Assert.Equal(SynthesisState.Queued, (await RowAsync(db, id)).State);
            var run = Guid.CreateVersion7();
            var job = (await queue.ClaimAsync(run, default))!;
            await queue.RetryAsync(job.Id, run, job.Attempts, SynthesisQueue.MostAttempts, "The host ended.", "Segmentation fault");
            clock.Advance(100);
        }
        var row = await RowAsync(db, id);
        Assert.Equal((SynthesisState.Failed, "Set aside after 5 attempts: The host ended.", "Segmentation fault"), (row.State, row.Failure, row.FailureLog));
    }

    [Fact]
    public async Task Faults_of_the_machine_and_stops_of_workers_are_not_the_row_s()
    {
        await using var db = await EmptyAsync();
        var id = await JobAsync(db, await CampaignAsync(db, priority: 0));
        var queue = Queue();
        for (var n = 0; n < 2 * SynthesisQueue.MostAttempts; n++)
        {
            var run = Guid.CreateVersion7();
            var job = (await queue.ClaimAsync(run, default))!;
            await queue.PostponeAsync(job, run, "The disk is full.");
            var row = await RowAsync(db, id);
            Assert.Equal((SynthesisState.Queued, 0, "The disk is full."), (row.State, row.Attempts, row.Failure));
            Assert.Null(await queue.ClaimAsync(Guid.CreateVersion7(), default));
            clock.Advance(31);
            run = Guid.CreateVersion7();
            await queue.GiveBackAsync((await queue.ClaimAsync(run, default))!, run);
            Assert.Equal(0, (await RowAsync(db, id)).Attempts);
        }
    }

    [Fact]
    public async Task A_run_that_has_lost_its_row_changes_nothing()
    {
        await using var db = await EmptyAsync();
        var id = await JobAsync(db, await CampaignAsync(db, priority: 0));
        var queue = Queue();
        var lost = Guid.CreateVersion7();
        var job = (await queue.ClaimAsync(lost, default))!;
        clock.Advance(61);
        await queue.RecoverAsync(everything: false);
        var mine = Guid.CreateVersion7();
        Assert.NotNull(await queue.ClaimAsync(mine, default));
        await queue.GiveBackAsync(job, lost);
        await queue.PostponeAsync(job, lost, "late");
        await queue.SetAsideAsync(id, lost, "late", null);
        await queue.RetryAsync(id, lost, 5, SynthesisQueue.MostAttempts, "late", null);
        var row = await RowAsync(db, id);
        Assert.Equal((SynthesisState.Running, mine), (row.State, row.RunId));
    }

    [Fact]
    public async Task Workers_are_seen_while_they_live()
    {
        await using var db = await EmptyAsync();
        var (first, second) = (Worker(), Worker());
        await first.BeginAsync(alone: false, default);
        await second.BeginAsync(alone: false, default);
        clock.Advance(40);
        await first.BeatAsync(default);
        var status = await WorkersStatus.LoadAsync(db, clock.GetUtcNow(), first.Lease);
        Assert.Equal([(first.Id, false), (second.Id, true)], status.Workers.Select(w => (w.Worker.Id, w.Silent)).OrderBy(w => w.Silent));
        clock.Advance(40);
        await first.BeatAsync(default);
        Assert.Equal(first.Id, (await db.Workers.AsNoTracking().SingleAsync()).Id);
        // The machine of the second had only slept.
        await second.BeatAsync(default);
        Assert.Equal(2, await db.Workers.CountAsync());
        await first.StopAsync();
        Assert.True((await db.Workers.AsNoTracking().SingleAsync(w => w.Id == first.Id)).Stopping);
        await first.EndAsync();
        await second.EndAsync();
        Assert.Equal(0, await db.Workers.CountAsync());
    }

    private IDbContextFactory<StudyDb> Databases => database.Services.GetRequiredService<IDbContextFactory<StudyDb>>();

    private async Task<StudyDb> EmptyAsync()
    {
        var db = database.Open();
        await db.Campaigns.Unaudited("between tests").ExecuteDeleteAsync();
        await db.Workers.ExecuteDeleteAsync();
        if (!await db.Stages.AnyAsync()) await TestStudy.PublishAsync(db, database.Services.GetRequiredService<BlobStore>());
        return db;
    }

    private ThisWorker Worker(string provider = "cpu")
    {
        var configuration = new ConfigurationBuilder().AddInMemoryCollection([new("Worker:Provider", provider)]).Build();
        return new ThisWorker(Databases, new SynthesisHosts(configuration, clock), configuration, clock);
    }

    private SynthesisQueue Queue(string provider = "cpu") => new(Databases, calls, QueuedJobs.Storage(), Worker(provider), clock);

    private async Task<Guid> CampaignAsync(StudyDb db, int priority, CampaignHold hold = CampaignHold.None, bool needsGpu = false)
    {
        var naturals = await db.StimulusSets.Where(s => s.Kind == StimulusKind.Natural).Select(s => s.Id).FirstAsync();
        var id = Guid.CreateVersion7();
        db.Campaigns.Add(new Campaign
        {
            Id = id, Name = $"{id}", NaturalSetId = naturals, PoolSetId = naturals, Preset = "fast", NullAugmentation = "none", Priority = priority, Hold = hold, NeedsGpu = needsGpu, CreatedAt = clock.GetUtcNow(),
        });
        await db.SaveChangesAsync();
        return id;
    }

    private int number;

    private async Task<Guid> JobAsync(StudyDb db, Guid campaign, int? neededInSeconds = null, Action<SynthesisJob>? change = null)
    {
        var stage = await db.Stages.FirstAsync();
        var job = new SynthesisJob
        {
            Id = Guid.CreateVersion7(clock.GetUtcNow().AddMilliseconds(++number)), CampaignId = campaign, ModelId = stage.ModelId, StageId = stage.Id, Seed = number,
            NaturalStimulusId = await db.Stimuli.Where(s => s.Metamer == null).Select(s => s.Id).FirstAsync(), NeededAt = neededInSeconds is { } s ? clock.GetUtcNow().AddSeconds(s) : null,
        };
        change?.Invoke(job);
        db.SynthesisJobs.Add(job);
        await db.SaveChangesAsync();
        return job.Id;
    }

    private static async Task<SynthesisJob> RowAsync(StudyDb db, Guid id) => await db.SynthesisJobs.AsNoTracking().FirstAsync(j => j.Id == id);

    private static async Task<List<Guid?>> ClaimAllAsync(SynthesisQueue queue)
    {
        List<Guid?> all = [];
        do all.Add((await queue.ClaimAsync(Guid.CreateVersion7(), default))?.Id);
        while (all[^1] is not null);
        return all;
    }

    private sealed class SetClock : TimeProvider
    {
        private DateTimeOffset now = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);

        public override DateTimeOffset GetUtcNow() => now;

        public void Advance(double seconds) => now = now.AddSeconds(seconds);
    }
}

public sealed class SynthesisQueueOnSqliteTests(SqliteDatabase database) : SynthesisQueueTests(database), IClassFixture<SqliteDatabase>;

public sealed class SynthesisQueueOnPostgresTests(PostgresDatabase database) : SynthesisQueueTests(database), IClassFixture<PostgresDatabase>;
