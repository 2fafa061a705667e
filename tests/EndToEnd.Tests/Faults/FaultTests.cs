using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests.Faults;

/// <summary>
/// Whatever happens to line, server, database and tab, what was kept arrives once. A small run by default; the large one is started with
/// <c>FAULT_TRIALS=100000 FAULT_BROWSER_TRIALS=2000</c> (docs/evidence.md).
/// </summary>
[Collection<Alone>]
public sealed class FaultTests(Browser browser, CutServerProcess server) : IClassFixture<CutServerProcess>
{
    private static int Asked(string name, int usual) => int.TryParse(Environment.GetEnvironmentVariable(name), out var number) ? number : usual;

    [Fact]
    public async Task Nothing_is_lost_or_stored_twice_by_the_protocol()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        var asked = Asked("FAULT_TRIALS", 400);
        var each = asked >= 10_000 ? 200 : 40;
        var study = await server.PublishAsync(categories: ["bear", "boat", "cat", "dog"], each: each / 4, practice: 0, mainTrials: each, catchTrials: 0);
        await using var proxy = await FaultProxy.StartAsync(server.Address, seed: 1);
        var start = new SessionStart(server.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        var people = new List<ProtocolParticipant>();
        for (var n = 0; n < (asked + each - 1) / each; n++)
        {
            var begun = await start.StartAsync(study.LinkKey, study.Version.Id, null);
            people.Add(new ProtocolParticipant(proxy.Address, begun.SessionId, begun.Token, n));
        }

        using var over = new CancellationTokenSource();
        var breaking = BreakAsync(TimeSpan.FromSeconds(7), over.Token);
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 40 }, async (person, _) => await person.TakePartAsync());
        await over.CancelAsync();
        var cuts = await breaking;

        // Connections of this process to a killed PostgreSQL are of no use any more.
        Npgsql.NpgsqlConnection.ClearAllPools();
        await using var db = server.OpenDatabase();
        var stored = await (
            from s in db.Sessions where s.StudyVersionId == study.Version.Id
            from t in s.Trials select new { s.State, t.Id, Choice = t.Response == null ? null : t.Response.Choice }).ToListAsync();
        Assert.Equal(people.Count * each, stored.Count);
        Assert.All(stored, trial => Assert.Equal(SessionState.Completed, trial.State));
        var given = people.SelectMany(p => p.Given).ToDictionary(g => g.Key, g => g.Value);
        Assert.DoesNotContain(stored, trial => trial.Choice != given[trial.Id]);
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{stored.Count} trials: 0 lost, 0 double. {proxy.Tally}; server killed {cuts.Server} times, PostgreSQL {cuts.Postgres} times, {people.Sum(p => p.TabsKilled)} tabs killed");
    }

    [Fact]
    public async Task Nothing_is_lost_or_stored_twice_in_Chromium()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        var asked = Asked("FAULT_BROWSER_TRIALS", 20);
        var each = asked >= 1000 ? 100 : 20;
        var frame = new Server.Studies.TrialDurations { BlankMs = 20, FixationMs = 20, StimulusMs = 20, MaskMs = 20 };
        var study = await server.PublishAsync(categories: ["bear", "boat", "cat", "dog"], each: each / 4, practice: 0, mainTrials: each, catchTrials: 0, durations: frame);
        await using var proxy = await FaultProxy.StartAsync(server.Address, seed: 2);
        var people = Enumerable.Range(0, (asked + each - 1) / each).ToList();
        using var over = new CancellationTokenSource();
        var breaking = asked >= 1000 ? BreakAsync(TimeSpan.FromSeconds(25), over.Token) : Task.FromResult((Server: 0, Postgres: 0));
        var killed = 0;
        await Parallel.ForEachAsync(people, new ParallelOptions { MaxDegreeOfParallelism = 2 }, async (person, _) =>
        {
            await using var context = await browser.NewContextAsync();
            Interlocked.Add(ref killed, await new BrowserParticipant(context, proxy.Address, study.LinkKey, person).TakePartAsync());
        });
        await over.CancelAsync();
        var cuts = await breaking;

        // Connections of this process to a killed PostgreSQL are of no use any more.
        Npgsql.NpgsqlConnection.ClearAllPools();
        await using var db = server.OpenDatabase();
        var sessions = await db.Sessions.Where(s => s.StudyVersionId == study.Version.Id).Select(s => new { s.State, Trials = s.Trials.Count, Answers = s.Trials.Count(t => t.Response != null) }).ToListAsync();
        Assert.Equal(people.Count, sessions.Count);
        Assert.All(sessions, s => Assert.Equal((SessionState.Completed, each, each), (s.State, s.Trials, s.Answers)));
        TestContext.Current.TestOutputHelper?.WriteLine(
            $"{sessions.Sum(s => s.Answers)} trials in Chromium: 0 lost, 0 double. {proxy.Tally}; server killed {cuts.Server} times, PostgreSQL {cuts.Postgres} times, {killed} tabs killed");
    }

    /// <summary>Kills the server and the database by turns and starts them again, until it is over.</summary>
    /// <param name="pause">The longest time between a start and the next kill. With browsers on the same processors a start alone takes some ten seconds.</param>
    private async Task<(int Server, int Postgres)> BreakAsync(TimeSpan pause, CancellationToken over)
    {
        var (servers, databases) = (0, 0);
        var chance = new Random(3);
        try
        {
            while (true)
            {
                await Task.Delay(TimeSpan.FromSeconds(1) + (pause - TimeSpan.FromSeconds(1)) * chance.NextDouble(), over);
                if (servers <= databases)
                {
                    await server.KillAsync();
                    servers++;
                    await Task.Delay(TimeSpan.FromSeconds(2 * chance.NextDouble()), CancellationToken.None);
                    await server.StartAsync();
                }
                else
                {
                    await server.Cluster.CutPowerAsync(TimeSpan.FromSeconds(2 * chance.NextDouble()));
                    databases++;
                }
            }
        }
        catch (OperationCanceledException)
        {
            return (servers, databases);
        }
    }
}

/// <summary>The server on a PostgreSQL of its own: that it is killed takes no other test's database away.</summary>
public sealed class CutServerProcess() : PostgresServerProcess(new PostgresCluster())
{
    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await Cluster.DisposeAsync();
    }
}

/// <summary>A page that answers by itself and goes on whatever happens; its tab is closed without a word now and then.</summary>
internal sealed class BrowserParticipant(IBrowserContext context, string address, string linkKey, int seed)
{
    // Clicks what there is to click, and answers with a random tile. The clock of the computer is wrong by up to a day, another at every load.
    private const string Autopilot =
        """
        const shift = (Math.random() - .5) * 1.728e8, now = Date.now.bind(Date);
        Date.now = () => now() + shift;
        setInterval(() => {
          if (document.querySelector('.presenter[data-phase=response]')) {
            const tiles = document.querySelectorAll('.tile');
            tiles[Math.floor(Math.random() * tiles.length)].dispatchEvent(new PointerEvent('pointerdown', { button: 0, pointerType: 'mouse', bubbles: true }));
          } else {
            [...document.querySelectorAll('.panel button')].find(b => /in this window|^Next$|^Start$|^Go on$|^Try again$|^Load again$/.test(b.textContent.trim()))?.click();
          }
        }, 10);
        """;

    private readonly Random chance = new(seed);

    /// <summary>Returns how many tabs were killed until the end page was there.</summary>
    public async Task<int> TakePartAsync()
    {
        await context.AddInitScriptAsync(Autopilot);
        for (var killed = 0; ; killed++)
        {
            var page = await context.NewPageAsync();
            if (await OnePageAsync(page)) return killed;
            await page.CloseAsync();
        }
    }

    private async Task<bool> OnePageAsync(IPage page)
    {
        try
        {
            await page.GotoAsync($"{address}/s/{linkKey}");
            if (await page.Locator("#completion-code").CountAsync() > 0) return true;
            await page.Locator("form#consent button, a.button").First.ClickAsync();
            // A third of the tabs live for some seconds only; what stands still for long is closed and opened again, as people do.
            var life = TimeSpan.FromSeconds(chance.Next(3) == 0 ? 3 + 12 * chance.NextDouble() : 60);
            await page.Locator("#completion-code").WaitForAsync(new() { Timeout = (float)life.TotalMilliseconds });
            return true;
        }
        catch (Exception failure) when (failure is TimeoutException or PlaywrightException)
        {
            return false;
        }
    }
}
