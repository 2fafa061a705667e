using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.EndToEnd.Tests.Engines;

/// <summary>A participant's way through a study of sounds in the other engines: volume, practice, words typed, the code; what is stored says how each sound was played.</summary>
[Collection<Alone>]
public sealed class EngineSoundTests(ServerProcess server) : IClassFixture<ServerProcess>
{
    private static readonly string[] Words = ["bear", "boat", "cat", "bear"];

    [Fact]
    public async Task A_session_with_sounds_in_Firefox()
    {
        await using var firefox = await Firefox.StartAsync(hasSoundCard: true);
        await ListenAsync(firefox, "Firefox/");
    }

    [Fact]
    public async Task A_session_with_sounds_in_WebKit()
    {
        await using var webKit = await WebKit.StartAsync();
        await ListenAsync(webKit, "Version/");
    }

    // On a busy machine every sound of a session may stop, and be stored as one that did: in one session of three, one has to be played as it should be. All else holds for each.
    private Task ListenAsync(Engine engine, string agent) => Measured.OneOfThreeAsync("sounds", () => OnceAsync(engine, agent));

    private async Task<(bool Good, string Figures)> OnceAsync(Engine engine, string agent)
    {
        var study = await server.PublishAsync(practice: 1, mainTrials: Words.Length - 1, catchTrials: 0, medium: StimulusMedium.Sound, durations: new() { BlankMs = 100, FixationMs = 300 },
            change: design => design with { Response = new() { Format = AnswerFormat.Word }, Sound = new() { HeadphoneCheck = false, Rms = 0.05 } });
        await engine.OpenAsync($"{server.Address}/s/{study.LinkKey}");
        await engine.PressAsync("I agree and take part");
        // A busy browser may take longer to turn the sound on than the page waits; then it asks again. It may also play just when somebody is about to press again.
        const string plays = "document.body.innerText.includes('Stop the noise')", play = "[...document.querySelectorAll('.panel button')].find(b => b.innerText.includes('Play the noise'))";
        var presses = 0;
        do
        {
            Assert.True(presses++ < 10, "The browser never played the noise.");
            await engine.WaitAsync($"{plays} || {play}");
            await engine.EvaluateAsync<bool>($"({play}?.focus(), true)");
            if (!await engine.EvaluateAsync<bool>(plays)) await engine.PressAsync(Engine.Enter);
        }
        while (await engine.ComesAsync(plays, TimeSpan.FromSeconds(20)) is not null);
        await engine.PressAsync("Next");
        await engine.PressAsync("in this window");
        var apart = new List<double>();
        foreach (var (n, word) in Words.Index())
        {
            await engine.ResponseScreenAsync();
            await engine.WaitAsync("document.activeElement.getAttribute('role') === 'combobox'");
            foreach (var letter in word) await engine.PressAsync(letter);
            // Whatever the browser tells of its audio clock: what is scheduled by it comes now, and not as much later as the clock has run.
            apart.Add(await engine.EvaluateAsync<double>("import('/present/audioDevice.js').then(({ open }) => open(0)).then(device => device.measure() + 1000 * device.context.currentTime - performance.now())"));
            await engine.AnswerAsync(() => engine.PressAsync(Engine.Enter));
            if (n > 0) continue;
            await engine.PressAsync("Next");
            await engine.PressAsync("Start");
        }
        await engine.WaitAsync("document.querySelector('#completion-code')");

        await using var db = server.OpenDatabase();
        var session = await db.Sessions.Include(s => s.Trials).ThenInclude(t => t.Response).SingleAsync(s => s.StudyVersionId == study.Version.Id);
        Assert.Equal(SessionState.Completed, session.State);
        Assert.Contains(agent, session.UserAgent, StringComparison.Ordinal);
        var responses = session.Trials.OrderBy(t => t.Position).Select(t => t.Response!).ToList();
        Assert.Equal(Words, responses.Select(r => r.Choice));
        var timings = responses.Select(r => JsonSerializer.Deserialize(r.TimingJson, WireJson.Default.TrialTiming)!).ToList();
        Assert.All(timings.Select(t => t.Sound!), sound => Assert.Equal((0, TestSounds.RateHz, TestSounds.RateHz), (sound.DeviceChanges, sound.RateHz, sound.ClockRateHz)));
        var figures = timings.Select(t => t.Sound!).Select(sound =>
            $"start {sound.StartMs - sound.ScheduledStartMs:0.00} ms off, duration {sound.EndMs - sound.StartMs - sound.DurationMs:0.00} ms off; base latency {sound.BaseLatencyMs} ms, output latency {sound.OutputLatencyMs} ms, clock {sound.ClockRateHz} Hz");
        return (apart.TrueForAll(ms => Math.Abs(ms) <= 1000) && timings.Exists(t => t.Sound!.ClockRan && TimingVerdicts.Of(t) != TimingVerdict.Bad),
            $"{session.UserAgent}\nclocks apart, ms: {string.Join(", ", apart.Select(ms => ms.ToString("0.0")))}\nverdicts: {string.Join(", ", timings.Select(TimingVerdicts.Of))}\n{string.Join("\n", figures)}");
    }
}
