using Microsoft.Playwright;
using PerceptionStudy.Bench.Timing;

// Timing beside jsPsych, or with the word "screen" our own record beside a trace of the screen, or with the word "sound" onsets of sounds: run.sh installs what is needed and calls
// this with the number of trials of each duration, engine and load.
var each = args.Length > 0 ? int.Parse(args[0]) : 200;
var repository = Path.GetFullPath(args[1]);
using var playwright = await Playwright.CreateAsync();
await using var browser = await playwright.Chromium.LaunchAsync(new()
{
    ExecutablePath = args[2],
    Args = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
});
var page = await browser.NewPageAsync(new() { ViewportSize = new() { Width = 1024, Height = 768 } });
if (args.Length > 3 && args[3] == "sound")
{
    var sounds = new SoundRun(page, repository);
    await sounds.OpenAsync();
    Console.WriteLine($"Chromium {browser.Version}\n");
    Console.Write(await sounds.TableAsync(each, done => Console.Error.Write($"\r{done} of {each} sounds for each engine and load")));
    return;
}
var screen = args.Length > 3 && args[3] == "screen";
var run = new TimingRun(page, repository, screen ? null : Path.Combine(repository, "bench/Timing/node_modules"));
await run.OpenAsync();
Console.Error.WriteLine($"Chromium {browser.Version}, one frame in {run.RefreshMs:0.000} ms");
if (screen)
{
    Console.Write(await ScreenCheck.RunAsync(run, await page.Context.NewCDPSessionAsync(page), each));
    return;
}
var trials = await run.RunAsync([TimingRun.Ours, TimingRun.JsPsych], each, seed: 1, told: done => Console.Error.Write($"\r{done} trials"));
Console.Error.WriteLine();
Console.WriteLine($"Chromium {browser.Version}, one frame in {run.RefreshMs:0.000} ms, {each} trials of each duration, engine and load.");
Console.WriteLine();
Console.Write(TimingTable.Of(trials));
foreach (var loaded in (bool[])[false, true])
{
    var ours = trials.Where(t => t.Engine == TimingRun.Ours && t.Loaded == loaded).ToList();
    Console.WriteLine($"{(loaded ? "Loaded" : "Unloaded")}: {ours.Count(t => t.Exact && t.Flagged == true)} of {ours.Count(t => t.Exact)} exact trials of ours are flagged all the same.");
}
