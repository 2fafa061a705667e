using System.Text.Json;
using Microsoft.Playwright;

namespace PerceptionStudy.Bench.Timing;

/// <summary>
/// Trials of several engines in one page of one browser, in small blocks that alternate between engines and loads, watched by one oracle that
/// belongs to none of them.
/// </summary>
/// <param name="page">A page of its own, empty.</param>
/// <param name="repository">Root of the repository.</param>
/// <param name="packages">Folder of npm packages; needed for engines other than ours.</param>
public sealed class TimingRun(IPage page, string repository, string? packages = null)
{
    public const string Ours = "ours", JsPsych = "jspsych";

    /// <summary>1, 2, 3, 6 and 12 frames of 60 Hz, in whole ms as they are usually asked for.</summary>
    public static readonly int[] DurationsMs = [17, 33, 50, 100, 200];

    private double refreshMs;

    public async Task OpenAsync()
    {
        await PageFiles.OpenAsync(page, "index.html", repository, packages);
        if (packages is not null)
        {
            await page.AddScriptTagAsync(new() { Url = "/npm/jspsych/dist/index.browser.min.js" });
            await page.AddScriptTagAsync(new() { Url = "/npm/@jspsych/plugin-image-keyboard-response/dist/index.browser.min.js" });
        }
        await page.WaitForFunctionAsync("window.runBlock !== undefined");
        refreshMs = await page.EvaluateAsync<double>("refreshInterval()");
        // What the first trial of each engine takes longer (code, pictures) is not measured.
        foreach (var engine in packages is null ? [Ours] : (string[])[Ours, JsPsych]) await page.EvaluateAsync("([engine]) => runBlock(engine, [50, 50, 50], 0)", new object[] { engine });
    }

    /// <summary>Refresh interval of the browser, ms.</summary>
    public double RefreshMs => refreshMs;

    /// <param name="engines">Which engines.</param>
    /// <param name="each">Trials of each duration, for each engine and load.</param>
    /// <param name="seed">Order of durations, and the loads.</param>
    /// <param name="told">Called after each block with the number of trials so far.</param>
    public async Task<List<TimedTrial>> RunAsync(IReadOnlyList<string> engines, int each, int seed, Action<int>? told = null)
    {
        const int perBlock = 4;
        var random = new Random(seed);
        var trials = new List<TimedTrial>();
        for (var done = 0; done < each; done += perBlock)
        {
            var durations = DurationsMs.SelectMany(ms => Enumerable.Repeat(ms, Math.Min(perBlock, each - done))).ToArray();
            foreach (var loaded in (bool[])[false, true])
            {
                foreach (var engine in engines)
                {
                    random.Shuffle(durations);
                    trials.AddRange(await RunBlockAsync(engine, durations, loaded, random));
                }
            }
            told?.Invoke(trials.Count);
        }
        return trials;
    }

    /// <summary>One block: every duration so many times, in an order that the seed decides.</summary>
    public Task<List<TimedTrial>> RunBlockAsync(string engine, int each, int seed, bool loaded)
    {
        var random = new Random(seed);
        var durations = DurationsMs.SelectMany(ms => Enumerable.Repeat(ms, each)).ToArray();
        random.Shuffle(durations);
        return RunBlockAsync(engine, durations, loaded, random);
    }

    private async Task<List<TimedTrial>> RunBlockAsync(string engine, int[] durations, bool loaded, Random random)
    {
        var json = await page.EvaluateAsync<string>("async ([engine, durations, load]) => JSON.stringify(await runBlock(engine, durations, load))",
            new object[] { engine, durations, loaded ? random.Next(1, int.MaxValue) : 0 });
        var records = JsonSerializer.Deserialize<PageRecord[]>(json, JsonSerializerOptions.Web)!;
        return [.. records.Select((record, n) => new TimedTrial(engine, loaded, durations[n], refreshMs, record))];
    }
}
