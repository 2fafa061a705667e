using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>
/// Workers as processes of their own, each with its own data folder, on PostgreSQL and a bucket: killed with -9 at random, stopped, added, cut off from the bucket.
/// <c>KILL_JOBS=200</c> makes the first test long, <c>BUCKET_AWAY_SECONDS=60</c> the last; docs/evidence.md has their results.
/// </summary>
public sealed class WorkerKillTests(PostgresDatabase database, S3Server s3) : IClassFixture<PostgresDatabase>, IClassFixture<S3Server>
{
    private static readonly int Jobs = int.TryParse(Environment.GetEnvironmentVariable("KILL_JOBS"), out var jobs) ? jobs : 24;
    private static readonly int AwaySeconds = int.TryParse(Environment.GetEnvironmentVariable("BUCKET_AWAY_SECONDS"), out var seconds) ? seconds : 0;
    private readonly TestDatabase database = database.Need();

    private IEnumerable<KeyValuePair<string, string?>> WorkerSettings =>
    [
        .. database.Settings.Where(s => s.Key != "DataFolder"), .. s3.Settings, new("Worker:LeaseSeconds", "4"), new("Worker:CheckpointSeconds", "0.3"), new("Worker:Threads", "1"), new("Worker:Provider", "cpu"),
    ];

    [Fact]
    public async Task Killed_workers_leave_every_metamer_once_with_the_bytes_of_an_unbroken_run()
    {
        await using var server = await StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        var plan = world.Plan("unbroken", "opponent", "pooled") with { Preset = "feather2023", Steps = 4_000, Seeds = (Jobs + 11) / 12 };
        var unbroken = await campaigns.StartAsync(plan);
        var workers = new List<WorkerProcess> { new(WorkerSettings) };
        await using var ending = new Ending(workers);
        await world.UntilAsync(unbroken.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));

        var broken = await campaigns.StartAsync(plan with { Name = "broken" });
        while (workers.Count < 3) workers.Add(new(WorkerSettings));
        var (random, kills, watch) = (new Random(9), 0, Stopwatch.StartNew());
        for (List<SynthesisJob> rows; !(rows = await world.JobsAsync(broken.Id)).TrueForAll(j => j.State == SynthesisState.Done);)
        {
            Assert.DoesNotContain(rows, j => j.State == SynthesisState.Failed);
            Assert.True(watch.Elapsed < TimeSpan.FromMinutes(10 + Jobs / 4), $"Not done after {kills} kills: {string.Join(", ", rows.CountBy(j => j.State))}.\n{workers[0].Said}");
            // By the work that is done and not by the clock, so that there are kills on a quick machine too, and on a slow one no more than there is work. One that has not begun yet
            // is no victim: each has to have had its chance to die at work.
            int[] begun = [.. workers.Index().Where(w => w.Item.Said.Contains("waiting for jobs")).Select(w => w.Index)];
            if (kills >= Jobs / 4 || rows.Count(j => j.State == SynthesisState.Done) < 4 * kills || rows.TrueForAll(j => j.State != SynthesisState.Running) || begun.Length == 0)
            {
                await Task.Delay(100);
                continue;
            }
            await Task.Delay(random.Next(1_000));
            var victim = begun[random.Next(begun.Length)];
            await workers[victim].KillAsync();
            await workers[victim].DisposeAsync();
            workers[victim] = new(WorkerSettings);
            kills++;
        }
        TestContext.Current.TestOutputHelper?.WriteLine($"{Jobs} metamers asked for, {kills} kills in {watch.Elapsed.TotalSeconds:0} s.");
        Assert.True(kills >= 2, $"Only {kills} kills: the run was too short to say anything.");
        var (whole, pieces) = (await MetamersAsync(server, unbroken.MetamerSetId), await MetamersAsync(server, broken.MetamerSetId));
        Assert.Equal(plan.Seeds * 12, pieces.Count);
        Assert.Equal(whole, pieces);
        Assert.All(await world.JobsAsync(broken.Id), r => Assert.Null(r.CheckpointSha256));
    }

    [Fact]
    public async Task A_worker_that_is_told_to_stop_gives_back_its_work_and_another_goes_on_with_it()
    {
        await using var server = await StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        var campaign = await campaigns.StartAsync(world.Plan("long", "opponent") with { Preset = "feather2023", Steps = 1_000_000, NaturalIds = [.. world.Naturals.Take(1)] });
        var first = new WorkerProcess(WorkerSettings);
        await using var ending = new Ending([first]);
        await world.UntilAsync(campaign.Id, jobs => jobs.Exists(j => j is { State: SynthesisState.Running, StepsDone: > 100 }));
        Assert.Equal(0, await first.StopAsync());
        Assert.DoesNotContain("Exception", first.Said);
        var job = (await world.JobsAsync(campaign.Id)).Single();
        Assert.Equal((SynthesisState.Queued, 0), (job.State, job.Attempts));
        Assert.NotNull(job.CheckpointSha256);
        await using var db = server.OpenDatabase();
        Assert.DoesNotContain(await db.Workers.Select(w => w.Id).ToListAsync(), id => id == job.WorkerId);

        await using var second = new WorkerProcess(WorkerSettings);
        await world.UntilAsync(campaign.Id, jobs => jobs.Exists(j => j.State == SynthesisState.Running && j.StepsDone > job.StepsDone && j.WorkerId != job.WorkerId));
        await campaigns.CancelAsync(campaign.Id);
    }

    [Fact]
    public async Task While_the_bucket_is_away_work_waits_and_nothing_is_lost()
    {
        await using var server = await StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        await using var worker = new WorkerProcess(WorkerSettings);
        var campaign = await server.Services.GetRequiredService<CampaignService>().StartAsync(world.Plan("cut off", "opponent", "pooled") with { Preset = "feather2023", Steps = 5_000 });
        await world.UntilAsync(campaign.Id, jobs => jobs.Exists(j => j.State == SynthesisState.Done));
        await s3.StopAsync();
        var (away, before) = (Stopwatch.StartNew(), 0);
        try
        {
            await world.UntilAsync(campaign.Id, jobs => jobs.Exists(j => j.Failure?.StartsWith("It is tried again, because it could not be stored or read: The bucket blobs did not answer", StringComparison.Ordinal) == true));
            if (TimeSpan.FromSeconds(AwaySeconds) - away.Elapsed is var left && left > TimeSpan.Zero) await Task.Delay(left, TestContext.Current.CancellationToken);
            before = (await world.JobsAsync(campaign.Id)).Count(j => j.State == SynthesisState.Done);
        }
        finally
        {
            await s3.StartAsync();
        }
        var (gone, back) = (away.Elapsed, Stopwatch.StartNew());
        await world.UntilAsync(campaign.Id, jobs => jobs.Count(j => j.State == SynthesisState.Done) > before);
        TestContext.Current.TestOutputHelper?.WriteLine($"The bucket was away for {gone.TotalSeconds:0} s; {before} of 12 metamers were stored then, the next one {back.Elapsed.TotalSeconds:0.0} s after it was back.");
        await world.UntilAsync(campaign.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        Assert.Equal(12, (await MetamersAsync(server, campaign.MetamerSetId)).Count);
    }

    private async Task<RunningServer> StartServerAsync()
    {
        await s3.StartAsync();
        return await database.StartServerAsync([.. s3.Settings.Select(s => $"--{s.Key}={s.Value}"), "--Worker:InServer=false", "--Worker:LeaseSeconds=4"]);
    }

    private static async Task<List<(string Natural, Guid Stage, int Seed, string Sha256)>> MetamersAsync(RunningServer server, Guid? set)
    {
        await using var db = server.OpenDatabase();
        var rows = await db.Stimuli.Where(s => s.SetId == set).Select(s => new { s.Name, s.Metamer!.StageId, s.Metamer.Seed, s.Sha256 }).ToListAsync();
        return [.. rows.Select(r => (r.Name, r.StageId, r.Seed, r.Sha256)).Order()];
    }

    private sealed class Ending(List<WorkerProcess> workers) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            foreach (var worker in workers) await worker.DisposeAsync();
        }
    }
}
