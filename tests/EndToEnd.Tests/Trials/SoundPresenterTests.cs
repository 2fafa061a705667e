using Microsoft.Playwright;
using PerceptionStudy.Bench.Timing;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.EndToEnd.Tests.Trials;

/// <summary>What the browser plays, recorded on its audio thread and compared with the file; what is noticed when it does not play; the tones and the noise before the first trial.</summary>
[Collection<Alone>]
public sealed class SoundPresenterTests(Browser browser)
{
    private async Task<(IBrowserContext Context, IPage Page, SoundRun Run)> OpenAsync()
    {
        var context = await browser.NewContextAsync(1024, 768);
        var page = await context.NewPageAsync();
        var run = new SoundRun(page, Repository.Root);
        await run.OpenAsync();
        return (context, page, run);
    }

    [Fact]
    public async Task Every_sample_is_played_as_it_is_in_the_file_at_the_time_that_was_scheduled_and_nothing_else()
    {
        var (context, _, run) = await OpenAsync();
        await using var _1 = context;
        foreach (var number in (int[])[1, 2])
        {
            var sound = TestSounds.Sound(number);
            var file = WavFile.Encode(sound);
            var wanted = WavFile.Read(file, "file").Samples;
            var first = Array.FindIndex(wanted, v => v != 0);
            var audible = wanted[first..(Array.FindLastIndex(wanted, v => v != 0) + 1)];
            // Where the machine stands still for longer than the lead with which a sound is scheduled, it comes late.
            await Measured.OneOfThreeAsync($"sound {number}", async () =>
            {
                var played = await run.PlayAsync(file);
                Assert.Equal(SoundRun.RateHz, played.RateHz);
                var timing = played.Record.Sound!;
                Assert.Equal((wanted.Length, SoundRun.RateHz, SoundRun.RateHz, 0), (timing.Samples, timing.RateHz, timing.ClockRateHz, timing.DeviceChanges));
                Assert.Equal(1000.0 * wanted.Length / SoundRun.RateHz, timing.DurationMs, 0.001);
                var heard = played.Heard!;
                if (heard.Gapless)
                {
                    // To the last bit in both channels: no resampling, no gain, no click at an edge, nothing before and nothing after.
                    Assert.Equal(audible, heard.Left);
                    Assert.Equal(audible, heard.Right);
                }
                var (late, verdict) = (heard.Frame - first - played.When * played.RateHz, TimingVerdicts.Of(played.Record));
                return (heard.Gapless && timing.ClockRan && Math.Abs(late) <= 0.01 && verdict != TimingVerdict.Bad, $"recorded without a gap: {heard.Gapless}, the clock ran: {timing.ClockRan}, {late:0.00} samples late, {verdict}");
            });
        }
    }

    [Theory]
    // The browser stops the sound: an incoming call, a sleeping device.
    [InlineData("return device.context.suspend();", "audio_suspended")]
    [InlineData("navigator.mediaDevices.dispatchEvent(new Event('devicechange'));", "device_change")]
    public async Task What_stops_a_sound_is_recorded_and_the_trial_is_bad(string during, string what)
    {
        var (context, _, run) = await OpenAsync();
        await using var _1 = context;
        // Two seconds long, so that the browser can stop it while it is played.
        var sound = new Sound(TestSounds.RateHz, [.. Enumerable.Repeat(TestSounds.Sound(3).Samples, 7).SelectMany(s => s)]);
        await Measured.OneOfThreeAsync(what, async () =>
        {
            var played = await run.PlayAsync(WavFile.Encode(sound), during);
            Assert.Equal(TimingVerdict.Bad, TimingVerdicts.Of(played.Record));
            Assert.Contains(played.Record.Disturbances, d => d.What == what);
            Assert.True(played.Record.Disturbed);
            Assert.Equal(what == "device_change" ? 1 : 0, played.Record.Sound!.DeviceChanges);
            // A device that came or went has not stopped the clock; only a busy machine may.
            if (what != "device_change") Assert.False(played.Record.Sound.ClockRan);
            return (what != "device_change" || played.Record.Sound.ClockRan, $"the clock ran: {played.Record.Sound.ClockRan}");
        });
    }

    [Fact]
    public async Task Sounds_begin_on_time_while_the_page_is_busy()
    {
        var (context, _, run) = await OpenAsync();
        await using var _1 = context;
        await Measured.OneOfThreeAsync("onsets", async () =>
        {
            var onsets = await run.OnsetsAsync(SoundRun.Ours, 10, load: 7);
            // On the audio clock to the sample; what the browser says of the two clocks scatters, more where other programs run.
            var (onClock, median) = (onsets.Max(o => Math.Abs(o.ClockErrorMs!.Value)), SoundRun.Percentiles(onsets.Select(o => o.ErrorMs)).Median);
            return (onClock <= 1000.0 / SoundRun.RateHz && median <= 20, $"{onClock:0.000} ms late on the audio clock at most, median {median:0.0} ms on the page's");
        });
    }

    [Fact]
    public async Task The_headphone_check_tells_two_channels_from_their_sum()
    {
        var (context, page, _) = await OpenAsync();
        await using var _1 = context;
        const int seed = 4711;
        var plan = HeadphoneCheck.Plan(seed);
        // The real graph, rendered at once: power of each tone in two ears, and of what loudspeakers add up in the air; and the steepest step between two samples.
        var heard = await page.EvaluateAsync<System.Text.Json.JsonElement>("""
            async plan => {
              plan = JSON.parse(plan);
              const rounds = [];
              for (const { tones } of plan.rounds) {
                const rate = 20000, slot = (plan.toneMs + plan.gapMs) / 1000;
                const context = new OfflineAudioContext(2, rate * slot * tones.length, rate);
                present.scheduleTones(context, plan, tones, 0);
                const rendered = await context.startRendering(), left = rendered.getChannelData(0), right = rendered.getChannelData(1);
                const power = mix => tones.map((_, n) => {
                  let sum = 0;
                  for (let i = Math.round(n * slot * rate); i < (n + 1) * slot * rate; i++) sum += mix(left[i], right[i]);
                  return sum;
                });
                rounds.push({ ears: power((l, r) => l * l + r * r), air: power((l, r) => (l + r) ** 2), step: left.reduce((most, v, i) => Math.max(most, Math.abs(v - (left[i - 1] ?? 0))), 0) });
              }
              return rounds;
            }
            """, System.Text.Json.JsonSerializer.Serialize(plan, System.Text.Json.JsonSerializerOptions.Web));
        int[] Quietest(string by) => [.. heard.EnumerateArray().Select(r => r.GetProperty(by).EnumerateArray().Select(p => p.GetDouble()).ToList() is var powers ? powers.IndexOf(powers.Min()) + 1 : 0)];
        Assert.Equal(6, HeadphoneCheck.Score(seed, Quietest("ears")));
        Assert.Equal(0, HeadphoneCheck.Score(seed, Quietest("air")));
        // A tone of 200 Hz never rises faster than this: there is no click.
        var steepest = plan.Rounds.Max(r => r.Tones.Max(t => t.Left)) * 2 * Math.PI * plan.ToneHz / SoundRun.RateHz;
        Assert.All(heard.EnumerateArray(), r => Assert.InRange(r.GetProperty("step").GetDouble(), 0.5 * steepest, 1.05 * steepest));
    }

    [Fact]
    public async Task A_noise_that_is_asked_for_twice_plays_once()
    {
        var (context, page, _) = await OpenAsync();
        await using var _1 = context;
        var told = await page.EvaluateAsync<int[]>("""
            async () => {
              const checks = (await import('/present/soundChecks.js')).create(20000), { prototype } = AudioBufferSourceNode, { start } = prototype;
              let sources = 0;
              prototype.start = function (...when) { sources++; return start.apply(this, when); };
              const [first, second] = await Promise.all([checks.startNoise(0.1), checks.startNoise(0.1)]);
              prototype.start = start;
              checks.stopNoise();
              return [Number(first), Number(second), sources];
            }
            """);
        // Both say that it plays, and there is one source of it.
        Assert.Equal([1, 1, 1], told);
    }

    [Fact]
    public async Task The_noise_has_the_level_that_was_asked_for_falls_by_3_dB_an_octave_and_has_no_seam()
    {
        var (context, page, _) = await OpenAsync();
        await using var _1 = context;
        var noise = await page.EvaluateAsync<double[]>("Array.from(present.pinkSound(2 ** 12, 20000, 0.1))");
        Assert.Equal(0.1, Math.Sqrt(noise.Sum(v => v * v) / noise.Length), 4);
        Assert.InRange(noise.Max(Math.Abs), 0.2, 1);
        // Every octave has the same power.
        var octaves = new[] { 200, 400, 800, 1600, 3200 }.Select(low => Enumerable.Range(low * noise.Length / 20000, low * noise.Length / 20000).Sum(k =>
        {
            var turn = 2 * Math.PI * k / noise.Length;
            double re = 0, im = 0;
            for (var n = 0; n < noise.Length; n++)
            {
                re += noise[n] * Math.Cos(turn * n);
                im += noise[n] * Math.Sin(turn * n);
            }
            return re * re + im * im;
        })).ToList();
        Assert.InRange(octaves.Max() / octaves.Min(), 1, 1.1);
        // Repeated, the step from the last sample to the first is one as any other.
        var steps = noise.Zip(noise.Skip(1), (a, b) => Math.Abs(b - a)).Max();
        Assert.InRange(Math.Abs(noise[0] - noise[^1]), 0, steps);
    }
}
