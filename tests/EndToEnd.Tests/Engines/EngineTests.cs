using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared;

namespace PerceptionStudy.EndToEnd.Tests.Engines;

/// <summary>
/// The whole way of a participant in the other engines: consent, practice, trials by key and mouse, a reload in the middle, the completion code;
/// and that their clocks and their storage are what the presenter and the outbox build on.
/// </summary>
[Collection<Alone>]
public sealed class EngineTests(ServerProcess server) : IClassFixture<ServerProcess>
{
    private const int Practice = 2, Main = 6, ReloadedAt = 3, ByMouse = 4;
    private static readonly char[] Keys = ['1', '2', 'q'];

    private static int Choice(int trial) => (trial * trial + 1) % 3;

    [Fact]
    public async Task A_whole_session_in_Firefox()
    {
        await using var firefox = await Firefox.StartAsync();
        await TakePartAsync(firefox, "Firefox/");
    }

    [Fact]
    public async Task A_whole_session_in_WebKit()
    {
        await using var webKit = await WebKit.StartAsync();
        await TakePartAsync(webKit, "Version/");
    }

    [Fact]
    public async Task A_private_window_of_Firefox_keeps_answers_over_a_reload()
    {
        await using var firefox = await Firefox.StartAsync(isPrivate: true);
        var study = await server.PublishAsync();
        await firefox.OpenAsync($"{server.Address}/s/{study.LinkKey}");
        await firefox.WaitAsync("document.querySelector('#consent') && document.querySelector('#no-storage').hidden");
        await firefox.EvaluateAsync<bool>("import('/outbox/outbox.js').then(outbox => outbox.add('s', 't', '{}')).then(() => true)");
        await firefox.OpenAsync($"{server.Address}/s/{study.LinkKey}");
        Assert.Equal(1, await firefox.EvaluateAsync<int>("import('/outbox/outbox.js').then(outbox => outbox.all()).then(kept => kept.length)"));
    }

    // How even frames come is the browser's and the machine's: one session of three has to show it. All else holds for each.
    private Task TakePartAsync(Engine engine, string agent) => Measured.OneOfThreeAsync("clocks and frames", () => OnceAsync(engine, agent));

    private async Task<(bool Good, string Figures)> OnceAsync(Engine engine, string agent)
    {
        var study = await server.PublishAsync(practice: Practice, mainTrials: Main, catchTrials: 0, durations: new() { BlankMs = 100, FixationMs = 100, StimulusMs = 100, MaskMs = 100 });
        await engine.OpenAsync($"{server.Address}/s/{study.LinkKey}");
        await engine.PressAsync("I agree and take part");
        await engine.WaitAsync("location.pathname.startsWith('/run/')");
        await engine.WaitAsync("document.querySelector('.buttons')");
        var clocks = await ClocksAsync(engine);
        await engine.PressAsync("in this window");
        for (var n = 0; n < Practice; n++)
        {
            await AnswerAsync(engine, Choice(n));
            await engine.PressAsync("Next");
        }
        await engine.PressAsync("Start");
        for (var n = 0; n < Main; n++)
        {
            if (n == ReloadedAt)
            {
                await engine.ResponseScreenAsync();
                await engine.EvaluateAsync<bool>("setTimeout(() => location.reload()) > 0");
                await engine.WaitAsync("document.body.innerText.includes('Welcome back')");
                await engine.PressAsync("in this window");
            }
            await AnswerAsync(engine, Choice(Practice + n), byMouse: n == ByMouse);
        }
        await engine.WaitAsync("document.querySelector('#completion-code')");
        var code = await engine.EvaluateAsync<string>("document.querySelector('#completion-code').innerText");
        Assert.Equal(0, await engine.EvaluateAsync<int>("import('/outbox/outbox.js').then(outbox => outbox.all()).then(kept => kept.length)"));

        await using var db = server.OpenDatabase();
        var session = await db.Sessions.Include(s => s.Trials).ThenInclude(t => t.Response).SingleAsync(s => s.StudyVersionId == study.Version.Id);
        Assert.Equal((SessionState.Completed, code, 1), (session.State, session.CompletionCode, session.Resumptions));
        Assert.Contains(agent, session.UserAgent, StringComparison.Ordinal);
        Assert.DoesNotContain("Chrome", session.UserAgent, StringComparison.Ordinal);
        var responses = session.Trials.OrderBy(t => t.Position).Select(t => t.Response!).ToList();
        Assert.Equal(Enumerable.Range(0, Practice + Main).Select(n => study.Design.Categories[Choice(n)]), responses.Select(r => r.Choice));
        Assert.All(responses, r => Assert.InRange(r.ReactionTimeMs!.Value, 0.1, 60_000));

        var timings = responses.Select(r => System.Text.Json.JsonSerializer.Deserialize(r.TimingJson, WireJson.Default.TrialTiming)!).ToList();
        Assert.Equal(Enumerable.Range(0, Practice + Main).Select(n => n == Practice + ByMouse ? "mouse" : "key"), timings.Select(t => t.ResponseDevice));
        Assert.All(timings, t => Assert.False(t.Disturbed));
        Assert.All(timings, t => Assert.InRange(t.Stimulus.ShownMs, 1, 60_000));
        Assert.True(clocks is { Isolated: true, NowStepMs: < 0.1, EventStepMs: < 1.1 }, $"{clocks}");
        // Where no interval of a screen was measured, the trial counts as bad.
        Assert.All(timings.Where(t => t.RefreshIntervalMs is not (>= 2 and <= 50)), t => Assert.Equal(TimingVerdict.Bad, TimingVerdicts.Of(t)));
        double[] intervals = [.. timings.Select(t => t.RefreshIntervalMs).Order()];
        // 60 Hz. Without a real screen WebKit goes by a timer of whole ms, and comes to 16.1 to 16.7; that the clock finds the interval behind such time stamps PresenterTimingTests shows.
        var good = Math.Abs(intervals[intervals.Length / 2] - 1000 / 60.0) <= 1 && clocks is { EventAgeMs: >= -1 and <= 1000, FrameAgeMs: >= -20 and <= 1000 };
        return (good, $"{session.UserAgent}\n{clocks}\nverdicts: {string.Join(", ", timings.Select(TimingVerdicts.Of))}; refresh intervals, ms: {string.Join(", ", intervals.Select(i => i.ToString("0.000")))}");
    }

    private static async Task AnswerAsync(Engine engine, int choice, bool byMouse = false)
    {
        await engine.ResponseScreenAsync();
        await engine.AnswerAsync(() => byMouse ? engine.ClickAsync($".tile:nth-of-type({choice + 1})") : engine.PressAsync(Keys[choice]));
    }

    /// <summary>What the page's clocks are worth in an engine.</summary>
    /// <param name="Isolated">Whether the page is cross-origin isolated.</param>
    /// <param name="NowStepMs">Smallest step of <c>performance.now()</c>.</param>
    /// <param name="EventStepMs">Smallest unit in which time stamps of keys are told.</param>
    /// <param name="EventAgeMs">From a key's time stamp to its handler, the smallest of ten.</param>
    /// <param name="FrameAgeMs">From a frame's time stamp to its callback, median.</param>
    /// <param name="FrameMs">Median gap between two frames' time stamps.</param>
    /// <param name="FrameSpreadMs">From the tenth to the ninetieth percentile of these gaps.</param>
    /// <param name="TellsLongTasks">Whether the browser tells of long tasks.</param>
    private sealed record Clocks(bool Isolated, double NowStepMs, double EventStepMs, double EventAgeMs, double FrameAgeMs, double FrameMs, double FrameSpreadMs, bool TellsLongTasks);

    private static async Task<Clocks> ClocksAsync(Engine engine)
    {
        await engine.EvaluateAsync<bool>("(window.stamps = [], addEventListener('keydown', e => stamps.push([e.timeStamp, performance.now()])), true)");
        for (var n = 0; n < 10; n++) await engine.PressAsync('x');
        return await engine.EvaluateAsync<Clocks>("""
            (async () => {
              const steps = [];
              for (let n = 0, last = performance.now(); n < 200; n++) {
                let now;
                do now = performance.now(); while (now === last);
                steps.push(now - last);
                last = now;
              }
              const frames = [];
              while (frames.length < 121) frames.push(await new Promise(seen => requestAnimationFrame(time => seen([time, performance.now() - time]))));
              const sorted = list => list.sort((a, b) => a - b), middle = list => sorted(list)[list.length >> 1];
              const gaps = sorted(frames.slice(1).map(([time], n) => time - frames[n][0]));
              // The coarsest of these units in which every stamp is a whole number, to a thousandth of it.
              const unit = [100, 16, 10, 1, 0.1, 0.02, 0.005].find(step => stamps.every(([at]) => Math.abs(at / step - Math.round(at / step)) < 1e-3)) ?? 0;
              return {
                isolated: crossOriginIsolated, nowStepMs: sorted(steps)[0], eventStepMs: unit, eventAgeMs: sorted(stamps.map(([at, now]) => now - at))[0],
                frameAgeMs: middle(frames.map(([, age]) => age)), frameMs: gaps[60], frameSpreadMs: gaps[108] - gaps[12],
                tellsLongTasks: ['longtask', 'long-animation-frame'].some(kind => PerformanceObserver.supportedEntryTypes.includes(kind)),
              };
            })()
            """);
    }
}
