using System.Globalization;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Playwright;
using PerceptionStudy.Bench.PageWeight;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Participation;

// Arguments: address of the server, its data folder, Chromium, folder of npm packages. run.sh starts everything.
var (address, folder, chromium, packages) = (args[0], args[1], args[2], args[3]);
var collection = new ServiceCollection();
collection.AddStudyDb(new ConfigurationBuilder().AddInMemoryCollection([new("DataFolder", folder)]).Build());
await using var services = collection.BuildServiceProvider();
await using var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync();
var study = await TestStudy.PublishAsync(db, services.GetRequiredService<BlobStore>(), categories: TestStudy.SixteenCategories, practice: 2, mainTrials: 30, catchTrials: 0);

using var playwright = await Playwright.CreateAsync();
string[] options = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"];
await using var browser = await playwright.Chromium.LaunchAsync(new() { ExecutablePath = chromium, Args = options });
Console.WriteLine($"Chromium {browser.Version}; compressed, with heads, kB of 1,000 bytes; an empty cache; pictures of trials not counted");
Console.WriteLine();
Console.WriteLine("| | first page, until it is complete | while it is read | from consent to the first trial | all | requests |");
Console.WriteLine("|---|---|---|---|---|---|");

// A private window keeps its cache in memory, and no large file in it; an ordinary one keeps it on disk.
await using (var context = await browser.NewContextAsync()) await OursAsync("ours, in a private window", context);
var profile = Directory.CreateTempSubdirectory();
await using (var context = await playwright.Chromium.LaunchPersistentContextAsync(profile.FullName, new() { ExecutablePath = chromium, Args = options })) await OursAsync("ours, in an ordinary window", context);
profile.Delete(recursive: true);

var (site, theirs) = await JsPsychSite.StartAsync(packages);
await using (site)
await using (var context = await browser.NewContextAsync())
{
    var page = await context.NewPageAsync();
    var wire = await WireTally.WatchAsync(page);
    await page.GotoAsync(theirs, new() { WaitUntil = WaitUntilState.Load });
    await page.Locator("#jspsych-image-keyboard-response-stimulus").WaitForAsync();
    await wire.QuietAsync();
    Tell("jsPsych 8.3.0 with image-keyboard-response, all in one page", wire.Take(), default, default);
}

async Task OursAsync(string who, IBrowserContext context)
{
    var page = await context.NewPageAsync();
    page.Console += (_, said) => { if (said.Type is "error") Console.Error.WriteLine(said.Text); };
    var wire = await WireTally.WatchAsync(page);
    await page.GotoAsync($"{address}/s/{study.LinkKey}", new() { WaitUntil = WaitUntilState.Load });
    var first = wire.Take();
    await wire.QuietAsync();
    var reading = wire.Take();
    await page.GetByRole(AriaRole.Button, new() { Name = "I agree and take part" }).ClickAsync();
    await page.GetByRole(AriaRole.Button, new() { Name = "in this window" }).ClickAsync(new() { Timeout = 20_000 });
    await page.Locator(".presenter[data-phase=response]").WaitForAsync(new() { Timeout = 60_000 });
    Tell(who, first, reading, wire.Take());
}

static void Tell(string who, Weight first, Weight reading, Weight rest)
{
    var all = first + reading + rest;
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {who} | {first.Bytes / 1000:0.0} | {reading.Bytes / 1000:0.0} | {rest.Bytes / 1000:0.0} | {all.Bytes / 1000:0.0} | {all.Requests} |"));
}
