using System.Diagnostics;
using System.Net;
using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Participation.OnDemand;

/// <summary>
/// Participants who come all at once to a study whose metamers are made on demand, with worker processes of their own, one of them killed half way. Short in the test run;
/// <c>ON_DEMAND_PARTICIPANTS=20 ON_DEMAND_TRIALS=36</c> makes it long and prints the figures of docs/evidence.md.
/// </summary>
public sealed class CrowdOnDemandTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private const int LongestWaitMs = 2000;

    private static readonly int Participants = Setting("ON_DEMAND_PARTICIPANTS", 20);
    private static readonly int Trials = Setting("ON_DEMAND_TRIALS", 6);
    private static readonly TimeSpan TrialTakes = TimeSpan.FromMilliseconds(Setting("ON_DEMAND_TRIAL_MS", 1200));

    private readonly TestDatabase database = database.Need();

    [Theory]
    [InlineData(1, false)]
    [InlineData(2, true)]
    public async Task Nobody_waits_nothing_that_fails_is_shown_and_all_is_recorded(int workers, bool killOne)
    {
        await using var server = await database.StartServerAsync("--Worker:InServer=false");
        // Somebody has taken part in another study of the kind: a cold server is slow for other reasons.
        var world = await PublishAsync(server);
        var first = await world.StartAsync();
        await TakePartAsync(server, world, first, await world.TrialsAsync(first), TimeSpan.Zero);
        await Measured.OneOfThreeAsync("what a crowd waits", () => CrowdAsync(server, workers, killOne));
    }

    /// <summary>A crowd in a study of its own; whether nobody had to wait, and the figures.</summary>
    private async Task<(bool Quick, string Figures)> CrowdAsync(RunningServer server, int workers, bool killOne)
    {
        var world = await PublishAsync(server);
        var begun = TimeProvider.System.GetUtcNow();
        var processes = Enumerable.Range(0, workers).Select(_ => StartWorker()).ToList();
        try
        {
            // What publication orders, one stimulus at each stage: then the null distributions are measured.
            await world.UntilMadeAsync();
            await UntilThereAsync(server, workers, begun);
            var killing = killOne ? KillWhenHalfIsMadeAsync(server, world, processes[0]) : Task.CompletedTask;
            var sessions = await Task.WhenAll(Enumerable.Range(0, Participants).Select(_ => world.StartAsync()));
            var plans = new Dictionary<Guid, List<Trial>>();
            foreach (var session in sessions) plans[session] = await world.TrialsAsync(session);
            var timed = (await Task.WhenAll(sessions.Select(s => TakePartAsync(server, world, s, plans[s], TrialTakes)))).SelectMany(w => w).ToList();
            var waits = timed.Select(t => t.WaitedMs).Order().ToArray();
            await killing;

            await using var db = server.OpenDatabase();
            var accepted = (await db.Metamers.Where(m => m.MeetsCriteria).Select(m => m.StimulusId).ToListAsync()).ToHashSet();
            var settled = new List<Trial>();
            foreach (var session in sessions)
            {
                var trials = await world.TrialsAsync(session);
                Assert.Equal(plans[session].Select(t => (t.NaturalStimulusId, t.StageId).ToString()).Order(), trials.Select(t => (t.NaturalStimulusId, t.StageId).ToString()).Order());
                settled.AddRange(trials);
            }
            Assert.All(settled, t => Assert.True(t is { IsOpen: false, Response: not null, WaitedMs: not null, StimulusId: not null }));
            Assert.All(settled.Where(t => t.OnDemand), t => Assert.True(t.Fallback is not null || accepted.Contains(t.StimulusId!.Value), "A metamer was shown that fails the criteria."));
            Assert.All(settled.Where(t => t.OnDemand), t => Assert.Equal(t.Fallback is not null, t.Swapped));
            var shown = settled.Count(t => t is { OnDemand: true, Fallback: null });
            // What a picture takes that is settled already is the machine's own time.
            var plain = timed.Max(t => t.PlainMs);
            var figures = FormattableString.Invariant($"{workers} workers{(killOne ? ", one killed half way" : "")}: {Participants} participants, {settled.Count} trials, {settled.Count(t => t.OnDemand)} on demand, of these {shown} shown, {settled.Count(t => t.Fallback is not null)} fallbacks; ")
                + FormattableString.Invariant($"waits of participants: median {waits[waits.Length / 2]:0} ms, 99 % below {waits[(int)(0.99 * waits.Length)]:0} ms, longest {waits[^1]:0} ms; a settled picture takes {plain:0} ms at most; {await db.SynthesisJobs.CountAsync(j => j.State == SynthesisState.Done)} metamers made.");
            Assert.True(shown > 0, "Nothing was shown on demand.");
            await WhoComesLaterIsShownAllAsync(server, world);
            return (waits[^1] <= LongestWaitMs + plain, figures);
        }
        finally
        {
            foreach (var process in processes.Where(p => !p.HasExited)) process.Kill(entireProcessTree: true);
            foreach (var process in processes) process.Dispose();
        }
    }

    /// <summary>What one worker left when it was killed the others make: where every synthesis has ended, all is shown that meets the criteria, and at once.</summary>
    private static async Task WhoComesLaterIsShownAllAsync(RunningServer server, OnDemandWorld world)
    {
        await world.MakeAllAsync();
        var late = await world.StartAsync();
        await TakePartAsync(server, world, late, await world.TrialsAsync(late), TimeSpan.Zero);
        await using var db = server.OpenDatabase();
        foreach (var trial in (await world.TrialsAsync(late)).Where(t => t.OnDemand))
        {
            var there = await db.Metamers.AnyAsync(m => m.MeetsCriteria && m.NaturalStimulusId == trial.NaturalStimulusId && m.StageId == trial.StageId);
            Assert.Equal((there, false), (trial.Fallback is null, trial.WaitedMs is null));
        }
    }

    private static async Task UntilThereAsync(RunningServer server, int workers, DateTimeOffset since)
    {
        await using var db = server.OpenDatabase();
        await Wait.UntilAsync(() => db.Workers.CountAsync(w => w.StartedAt >= since), come => come == workers, come => $"{come} of {workers} workers have come.");
    }

    private static Task<OnDemandWorld> PublishAsync(RunningServer server) => OnDemandWorld.PublishAsync(server, ["opponent", "rectified", "pooled"], Trials, d => d with { CatchTrials = 0 });

    /// <summary>Looks at the trials as the browser does, with two pictures fetched ahead; gives how long each trial was late, and how long its picture takes once it is settled.</summary>
    private static async Task<List<(double WaitedMs, double PlainMs)>> TakePartAsync(RunningServer server, OnDemandWorld world, Guid session, List<Trial> plan, TimeSpan trialTakes)
    {
        var fetches = new Dictionary<int, Task<byte[]>>();
        var waits = new List<(double, double)>();
        for (var n = 0; n < plan.Count; n++)
        {
            for (var ahead = n; ahead < Math.Min(plan.Count, n + 2); ahead++) fetches.TryAdd(ahead, FetchAsync(server, plan[ahead].StimulusKey));
            var begun = Stopwatch.GetTimestamp();
            var picture = await fetches[n];
            var waited = Stopwatch.GetElapsedTime(begun).TotalMilliseconds;
            await Task.Delay(trialTakes, TestContext.Current.CancellationToken);
            await world.AnswerAsync(session, plan[n].Id, "red");
            // What was shown is what is stored, whenever it is asked for.
            begun = Stopwatch.GetTimestamp();
            Assert.Equal(SHA256.HashData(picture), SHA256.HashData(await FetchAsync(server, plan[n].StimulusKey)));
            waits.Add((waited, Stopwatch.GetElapsedTime(begun).TotalMilliseconds));
        }
        return waits;
    }

    private static async Task<byte[]> FetchAsync(RunningServer server, string key)
    {
        using var reply = await server.Client.GetAsync($"/stimuli/{key}");
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        return await reply.Content.ReadAsByteArrayAsync();
    }

    private static async Task KillWhenHalfIsMadeAsync(RunningServer server, OnDemandWorld world, Process worker)
    {
        await using var db = server.OpenDatabase();
        await Wait.UntilAsync(() => db.SynthesisJobs.Where(j => j.CampaignId == world.Version.Id).Select(j => j.State).ToListAsync(), jobs => jobs.Count(s => s == SynthesisState.Done) >= jobs.Count / 2,
            jobs => $"of {jobs.Count} syntheses, {jobs.Count(s => s == SynthesisState.Done)} are done.");
        worker.Kill(entireProcessTree: true);
    }

    private Process StartWorker()
    {
        var worker = Process.Start(new ProcessStartInfo("dotnet",
        [
            typeof(StudyDb).Assembly.Location, "worker", "--Worker:Threads=1", "--Worker:LeaseSeconds=4", .. database.Settings.Select(setting => $"--{setting.Key}={setting.Value}"),
        ]) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        // Nobody reads it, but a worker whose output is not taken would stand still at some time.
        worker.BeginOutputReadLine();
        worker.BeginErrorReadLine();
        return worker;
    }

    private static int Setting(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out var given) ? given : usual;
}
