using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>A server whose syntheses are kept once and again in a second: they are to be killed after a checkpoint and long before their end.</summary>
public sealed class OftenKeptServer : ServerProcess
{
    public OftenKeptServer() => Settings["Worker:CheckpointSeconds"] = "0.5";
}

/// <summary>What a researcher meets when something is wrong: a sentence that says what, and nothing lost.</summary>
public sealed class ResearcherFaultTests(Browser browser, OftenKeptServer server) : IClassFixture<OftenKeptServer>
{
    // Takes many times as long as it is to the first checkpoint; the published schedule has no early stop.
    private const int Steps = 100_000;

    [Fact]
    public async Task Bad_files_are_refused_and_a_stopped_server_goes_on()
    {
        await using var context = await browser.NewContextAsync(1440, 900);
        var me = new Researcher(await context.NewPageAsync(), server);
        await WrongTokenAsync(me);
        await me.SetUpAsync();
        await NoOnnxAsync(me);
        await NoGradientAsync(me);
        await NoPictureAsync(me);
        await KilledInTheMiddleAsync(me);
    }

    private static async Task WrongTokenAsync(Researcher me)
    {
        var address = await me.SetUpAddressAsync();
        await me.Page.GotoAsync(address[..^1] + (address[^1] == '0' ? '1' : '0'));
        await Assertions.Expect(me.Page.GetByRole(AriaRole.Alert)).ToContainTextAsync("Use the link that the server printed at its last start");
        await Assertions.Expect(me.Page.Locator("form")).ToHaveCountAsync(0);
        await me.LookAsync("f1-wrong-token");
    }

    private async Task NoOnnxAsync(Researcher me)
    {
        await me.OpenAsync("/admin/models/new");
        await me.UploadModelAsync("PK, but no network"u8.ToArray(), "holiday.onnx");
        await Assertions.Expect(me.Alert).ToContainTextAsync("holiday.onnx is not an ONNX file");
        await me.LookAsync("f2-no-onnx");
        await using var db = server.OpenDatabase();
        Assert.Empty(await db.Models.ToListAsync());
        // Nothing of it stays behind, neither as a blob nor on its way.
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "uploads")));
    }

    private static async Task NoGradientAsync(Researcher me)
    {
        await me.UploadModelAsync(ColourNet.OnnxWithoutGradient(), "hardmax.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("hardmax");
        await Assertions.Expect(me.Page.GetByText("stages have no gradient")).ToBeVisibleAsync();
        var reason = me.Page.Locator("tr", new() { HasText = "pooled" }).Locator(".reason");
        await Assertions.Expect(reason).ToContainTextAsync("node_rectified");
        await Assertions.Expect(reason).ToContainTextAsync("Hardmax");
        await me.LookAsync("f3-no-gradient");
    }

    private static async Task NoPictureAsync(Researcher me)
    {
        await me.MakeSetAsync("mixed", []);
        await me.Page.GetByLabel("Category of these pictures").FillAsync("red");
        await me.Page.Keyboard.PressAsync("Tab");
        var good = ColourNet.Picture("red", 0);
        await me.UploadPicturesAsync(
            new FilePayload { Name = "good.png", MimeType = "image/png", Buffer = good },
            new FilePayload { Name = "letter.png", MimeType = "image/png", Buffer = "Dear colleague,"u8.ToArray() },
            new FilePayload { Name = "half.png", MimeType = "image/png", Buffer = good[..(good.Length / 2)] });
        await Assertions.Expect(me.Alert).ToContainTextAsync("1 picture was added; 2 left out:");
        await Assertions.Expect(me.Alert).ToContainTextAsync("letter.png");
        await Assertions.Expect(me.Alert).ToContainTextAsync("half.png");
        await Assertions.Expect(me.Page.Locator("figure.tile")).ToHaveCountAsync(1);
        await me.LookAsync("f4-no-picture");
    }

    private async Task KilledInTheMiddleAsync(Researcher me)
    {
        var page = me.Page;
        await me.OpenAsync("/admin/models/new");
        await me.UploadModelAsync(ColourNet.Onnx(), "colours.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("colours");
        await me.SetPipelineAsync(ColourNet.Pipeline);
        await me.MakeSetAsync("colours", ColourNet.Categories.Select(c => (c, ResearcherTests.Files(c, 1))));
        await me.StartCampaignAsync("stopped", steps: Steps, stages: ["opponent"], preset: "Feather");

        // One is under way and has written a checkpoint, the others wait.
        var found = await WaitForAsync(async db => (await db.SynthesisJobs.Where(j => j.State == SynthesisState.Running).ToListAsync()).Find(j => File.Exists(Checkpoint(j.Id))));
        var children = Children(server.ProcessId);
        Assert.NotEmpty(children);
        await server.KillAsync();
        await using (var db = server.OpenDatabase())
        {
            Assert.Equal(SynthesisState.Running, (await db.SynthesisJobs.SingleAsync(j => j.Id == found.Id)).State);
            Assert.NotEmpty(await db.SynthesisJobs.Where(j => j.State == SynthesisState.Queued).ToListAsync());
        }
        // The hosts hear that their standard input has ended, and end too.
        await Wait.UntilAsync(async () => !children.Any(IsAlive), "the hosts have ended");
        // What would be clicked now would be lost: a notice says so, and lies over everything.
        var notice = page.Locator("#components-reconnect-modal");
        await Assertions.Expect(notice).ToContainTextAsync("The connection to the server is lost.");
        await Assertions.Expect(notice).ToBeVisibleAsync();
        Assert.Equal("components-reconnect-modal", await page.EvaluateAsync<string>("document.elementFromPoint(innerWidth / 2, innerHeight / 2).id"));
        await me.LookAsync("f5-server-gone");

        Assert.True(File.Exists(Checkpoint(found.Id)), "The synthesis ended before it was killed: raise the number of steps.");
        await server.StartAsync();
        // The page comes back by itself.
        await Assertions.Expect(notice).ToBeHiddenAsync();
        await Assertions.Expect(page.GetByText("3 of 3 metamers")).ToBeVisibleAsync(new() { Timeout = 900_000 });
        await me.LookAsync("f6-went-on");
        await using (var db = server.OpenDatabase())
        {
            var jobs = await db.SynthesisJobs.ToListAsync();
            Assert.All(jobs, j => Assert.Equal((SynthesisState.Done, Steps), (j.State, j.StepsDone)));
            var metamers = await db.Metamers.ToListAsync();
            Assert.Equal(jobs.Select(j => j.NaturalStimulusId).Order(), metamers.Select(m => m.NaturalStimulusId).Order());
            Assert.Equal(3, metamers.Select(m => m.NaturalStimulusId).Distinct().Count());
            Assert.All(metamers, m => Assert.Equal(Steps, m.GradientEvaluations));
        }
        Assert.Empty(Directory.GetFiles(Path.Combine(server.Folder, "syntheses")));
    }

    private string Checkpoint(Guid job) => Path.Combine(server.Folder, "syntheses", $"{job:N}.checkpoint");

    private async Task<SynthesisJob> WaitForAsync(Func<StudyDb, Task<SynthesisJob?>> find) => (await Wait.UntilAsync(
        async () =>
        {
            await using var db = server.OpenDatabase();
            return await find(db);
        },
        found => found is not null, _ => "no synthesis is under way."))!;

    // The first field after the program's name, which stands in brackets, is the state; the second the parent.
    private static int[] Children(int parent) =>
        [.. Process.GetProcesses().Where(p => File.Exists($"/proc/{p.Id}/stat") && Stat(p.Id) is [_, var ppid, ..] && ppid == $"{parent}").Select(p => p.Id)];

    private static bool IsAlive(int process) => Stat(process) is [not "Z", ..];

    private static string[]? Stat(int process)
    {
        try
        {
            var text = File.ReadAllText($"/proc/{process}/stat");
            return text[(text.LastIndexOf(')') + 2)..].Split(' ');
        }
        catch (IOException)
        {
            return null; // It has ended.
        }
    }
}
