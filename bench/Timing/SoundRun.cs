using System.Text.Json;
using Microsoft.Playwright;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Bench.Timing;

/// <summary>Onset of a sound, ms on the clock of the page.</summary>
/// <param name="ActualMs">Of the first sample that the audio thread played.</param>
/// <param name="ClockErrorMs">From the sample of the audio clock that was asked for to that one; null without a presenter.</param>
/// <param name="RecordedMs">By the presenter's own record; null without one.</param>
public sealed record SoundOnset(double ScheduledMs, double ActualMs, double? ClockErrorMs, double? RecordedMs)
{
    public double ErrorMs => ActualMs - ScheduledMs;
}

/// <summary>What was heard of one trial.</summary>
/// <param name="When">Start that was asked for on the audio clock, s.</param>
/// <param name="Heard">Null for silence.</param>
public sealed record PlayedSound(JsonElement Timing, double When, int RateHz, HeardSound? Heard)
{
    /// <summary>The presenter's record.</summary>
    public TrialTiming Record => Timing.Deserialize(WireJson.Default.TrialTiming)!;
}

/// <summary>Samples from the first that is not 0 to the last.</summary>
/// <param name="Frame">Of the first one, on the audio clock.</param>
/// <param name="Gapless">Whether the recorder missed none.</param>
public sealed record HeardSound(int Frame, float[] Left, float[] Right, bool Gapless);

/// <summary>Sounds in one page of one browser, played by the presenter or by a timer, recorded on the audio thread.</summary>
/// <param name="page">A page of its own, empty.</param>
/// <param name="repository">Root of the repository.</param>
public sealed class SoundRun(IPage page, string repository)
{
    public const string Ours = "ours", Timer = "timer";

    public const int RateHz = 20_000;

    public async Task OpenAsync()
    {
        await PageFiles.OpenAsync(page, "sound.html", repository);
        await page.WaitForFunctionAsync("window.ready");
        // Without a gesture no browser plays anything.
        await page.Mouse.ClickAsync(10, 10);
        await page.EvaluateAsync("rate => listen(rate)", RateHz);
    }

    /// <summary>Onsets of so many sounds.</summary>
    /// <param name="load">Seed of the load; 0 for none.</param>
    public async Task<List<SoundOnset>> OnsetsAsync(string engine, int count, int load)
    {
        var json = await page.EvaluateAsync<string>("async ([engine, count, rate, load]) => JSON.stringify(await onsets(engine, count, rate, load))", new object[] { engine, count, RateHz, load });
        return JsonSerializer.Deserialize<List<SoundOnset>>(json, JsonSerializerOptions.Web)!;
    }

    /// <summary>One trial with a WAV file. <paramref name="during"/> is the body of a function that is called with the audio device while the sound is played.</summary>
    public async Task<PlayedSound> PlayAsync(byte[] wav, string during = "")
    {
        var json = await page.EvaluateAsync<string>(
            "async ([file, during]) => JSON.stringify(await playOnce(present.decode(Uint8Array.from(atob(file), c => c.charCodeAt(0)).buffer), { during: during ? new Function('device', during) : null }))",
            new object[] { Convert.ToBase64String(wav), during });
        return JsonSerializer.Deserialize<PlayedSound>(json, JsonSerializerOptions.Web)!;
    }

    /// <summary>Median, 95 % and 99 % of the errors without their sign, ms.</summary>
    public static (double Median, double P95, double P99) Percentiles(IEnumerable<double> errorsMs)
    {
        var sorted = errorsMs.Select(Math.Abs).Order().ToList();
        return (At(0.5), At(0.95), At(0.99));

        double At(double share) => sorted[(int)Math.Round(share * (sorted.Count - 1))];
    }

    /// <summary>The table of docs/evidence.md: blocks of twenty sounds that alternate between engines and loads.</summary>
    public async Task<string> TableAsync(int each, Action<int> told)
    {
        const int perBlock = 20;
        var found = new Dictionary<(string Engine, bool Loaded), List<SoundOnset>>();
        for (var done = 0; done < each; done += perBlock)
        {
            foreach (var loaded in (bool[])[false, true])
            {
                foreach (var engine in (string[])[Ours, Timer])
                {
                    if (!found.TryGetValue((engine, loaded), out var onsets)) found[(engine, loaded)] = onsets = [];
                    onsets.AddRange(await OnsetsAsync(engine, Math.Min(perBlock, each - done), loaded ? done + 1 : 0));
                }
            }
            told(Math.Min(each, done + perBlock));
        }
        var text = new System.Text.StringBuilder("| engine | load | sounds | actual − scheduled, page's clock: 50 % / 95 % / 99 %, ms | on the audio clock, largest, ms | record − actual: 50 % / 99 %, ms |\n|---|---|---|---|---|---|\n");
        foreach (var ((engine, loaded), onsets) in found.OrderBy(f => f.Key.Loaded))
        {
            var (median, p95, p99) = Percentiles(onsets.Select(o => o.ErrorMs));
            var own = engine == Ours ? Percentiles(onsets.Select(o => o.RecordedMs!.Value - o.ActualMs)) : default;
            text.AppendLine(System.Globalization.CultureInfo.InvariantCulture,
                $"| {engine} | {(loaded ? "yes" : "no")} | {onsets.Count} | {median:0.00} / {p95:0.00} / {p99:0.00} | {(engine == Ours ? FormattableString.Invariant($"{onsets.Max(o => Math.Abs(o.ClockErrorMs!.Value)):0.000}") : "–")} | {(engine == Ours ? FormattableString.Invariant($"{own.Median:0.00} / {own.P99:0.00}") : "–")} |");
        }
        return text.ToString();
    }
}
