using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>The researcher's whole way through the real program, from the token on the console to the curve and the CSV.</summary>
public abstract class ResearcherTests(Browser browser, ServerProcess server)
{
    [Fact]
    public async Task From_the_token_to_the_curve()
    {
        Assert.SkipWhen(server is PostgresServerProcess && Server.Tests.Data.PostgresCluster.Absent is not null, Server.Tests.Data.PostgresCluster.Absent ?? "");
        await using var context = await browser.NewContextAsync(1440, 900);
        var page = await context.NewPageAsync();
        var me = new Researcher(page, server);
        await me.SetUpAsync();
        await me.LookAsync("02-overview");
        await me.OpenAsync("/admin/models", "Models");
        await me.LookAsync("03-no-models");
        await me.OpenAsync("/admin/stimuli");
        await me.LookAsync("03-no-stimuli");
        await me.OpenAsync("/admin/campaigns");
        await me.LookAsync("03-no-campaigns");
        await me.OpenAsync("/admin/campaigns/new");
        await me.LookAsync("03-no-campaign-possible");
        await me.OpenAsync("/admin/studies");
        await me.LookAsync("03-no-studies");
        await me.OpenAsync("/admin/studies/new");
        await me.LookAsync("03-no-study-possible");
        await me.OpenAsync("/admin/people");
        await me.ClickAsync("Invite a colleague");
        await me.LookAsync("03-people");

        // The model, its pipeline and class map.
        await me.OpenAsync("/admin/models/new", "Upload a model");
        await me.LookAsync("04-upload-model");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync("colours");
        await me.UploadModelAsync(ColourNet.Onnx(), "colours.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("colours");
        await me.LookAsync("05-model");
        await me.SetPipelineAsync(ColourNet.Pipeline);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Try it" }).ClickAsync();
        await me.ChooseAsync(".drop-zone input[type=file]", Files("red", 1));
        await Assertions.Expect(page.Locator(".try-out")).ToContainTextAsync("ruby");
        await me.LookAsync("07-try");

        // Pictures with categories.
        await me.MakeSetAsync("three colours", ColourNet.Categories.Select(c => (c, Files(c, 5))));
        await me.LookAsync("10-set");
        await me.OpenAsync("/admin/stimuli");
        await me.LookAsync("11-sets");

        // Metamers.
        await WatchAndCancelAsync(me);
        await me.StartCampaignAsync("first look", steps: 300);
        await Assertions.Expect(page.GetByText("45 of 45 metamers")).ToBeVisibleAsync(new() { Timeout = 600_000 });
        await me.LookAsync("14-campaign");
        await me.OpenAsync("/admin/campaigns");
        await me.LookAsync("15-campaigns");
        await LeaveOneOutAsync(me);

        // The study, and three people who take part.
        await me.DraftStudyAsync("What colour is it?", mainTrials: 12, practiceTrials: 3, catchTrials: 1);
        var link = await me.PublishAsync();
        await me.OpenAsync("/admin/studies");
        await me.LookAsync("23-studies");
        StudyVersion version;
        await using (var db = server.OpenDatabase()) version = await db.StudyVersions.SingleAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Results" }).ClickAsync();
        await Assertions.Expect(page.GetByText("Nobody has finished yet")).ToBeVisibleAsync();
        await me.LookAsync("24-no-results");

        // Each in a browser of their own, at the same time.
        await Task.WhenAll(Enumerable.Range(0, 3).Select(async who =>
        {
            await using var elsewhere = await browser.NewContextAsync();
            var person = new Participant(await elsewhere.NewPageAsync(), server, link.Split('/')[^1], version.Design);
            await person.ConsentAsync();
            await person.StartAsync();
            await person.PracticeAsync();
            await person.MainAsync(n => (n + who) * n % 3);
            Assert.NotEmpty(await person.CodeAsync());
        }));
        await CurveIsAsAnsweredAsync(me, version);

        await me.ClickAsync("Sign out");
        await page.WaitForURLAsync("**/sign-in");
        await page.GotoAsync(server.Address + "/admin/studies");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("Sign in");
    }

    // So many steps that it goes on as long as one looks.
    private async Task WatchAndCancelAsync(Researcher me)
    {
        await me.StartCampaignAsync("long one", steps: 1_000_000, stages: ["opponent"], preset: "Feather");
        var steps = me.Page.Locator(".run-facts .number");
        await Assertions.Expect(steps).ToContainTextAsync("of 1,000,000, loss 0.");
        await Assertions.Expect(me.Page.Locator(".loss-line")).ToHaveAttributeAsync("points", new System.Text.RegularExpressions.Regex(@"\d+ .*\d+"));
        var preview = me.Page.GetByAltText("As it is now");
        Assert.True(await preview.EvaluateAsync<bool>($"async image => {{ await image.decode(); return image.naturalWidth === {ColourNet.Side}; }}"));
        var before = await steps.InnerTextAsync();
        await Assertions.Expect(steps).Not.ToHaveTextAsync(before);
        await me.LookAsync("13-running");
        await me.ClickAsync("Cancel");
        await me.LookAsync("13-cancel");
        await me.ClickAsync("Cancel them");
        await Assertions.Expect(me.Page.GetByText("15 cancelled").First).ToBeVisibleAsync();
        await Assertions.Expect(me.Page.GetByRole(AriaRole.Button, new() { Name = "Try 15 again" })).ToBeVisibleAsync();
        await me.LookAsync("13-cancelled");
        await using var db = server.OpenDatabase();
        Assert.All(await db.SynthesisJobs.ToListAsync(), job => Assert.Equal(SynthesisState.Cancelled, job.State));
    }

    private static async Task LeaveOneOutAsync(Researcher me)
    {
        await me.Page.GetByRole(AriaRole.Link, new() { Name = "first look" }).ClickAsync();
        await Assertions.Expect(me.Page.GetByText("30 accepted")).ToBeVisibleAsync();
        await me.Page.Locator("tr.mud-table-row-clickable", new() { HasText = "pooled" }).ClickAsync();
        await Assertions.Expect(me.Heading).ToHaveTextAsync("Quality control");
        await me.Page.Locator(".pair", new() { HasText = "blue-0" }).GetByRole(AriaRole.Button, new() { Name = "Leave it out" }).ClickAsync();
        await me.Page.GetByLabel("Reason").FillAsync("It shows something else.");
        await me.LookAsync("16-leave-out");
        await me.ClickAsync("Leave it out");
        await Assertions.Expect(me.Page.GetByText("Left out: It shows something else.")).ToBeVisibleAsync();
        await me.Page.GetByRole(AriaRole.Link, new() { Name = "first look" }).ClickAsync();
        await Assertions.Expect(me.Page.GetByText("29 accepted")).ToBeVisibleAsync();
        await me.LookAsync("17-left-out");
    }

    // Every number of the table under the curve, recomputed here from the rows of the database.
    private async Task CurveIsAsAnsweredAsync(Researcher me, StudyVersion version)
    {
        var page = me.Page;
        await using var db = server.OpenDatabase();
        var sessions = await db.Sessions.Include(s => s.Trials).ThenInclude(t => t.Response).ToListAsync();
        Assert.Equal([SessionState.Completed, SessionState.Completed, SessionState.Completed], sessions.Select(s => s.State));
        var stages = await db.Stages.ToDictionaryAsync(s => s.Id, s => s.Name);
        var shown = version.Design.NaturalStimuli.Length + version.Design.Metamers.Length;
        await Wait.UntilAsync(() => db.ModelAnswers.CountAsync(), given => given >= shown, given => $"the models have given {given} of {shown} answers.");
        var answers = await db.ModelAnswers.ToDictionaryAsync(a => a.StimulusId, a => a.Category);
        var main = sessions.SelectMany(s => s.Trials).Where(t => t.Phase == TrialPhase.Main && !t.IsCatch && !t.Swapped).ToList();

        await me.ClickAsync("Refresh");
        await Assertions.Expect(page.Locator("table.numbers").First).ToBeVisibleAsync();
        await me.LookAsync("25-results");
        foreach (var cell in main.GroupBy(t => t.StageId is { } stage ? stages[stage] : "natural"))
        {
            var row = page.Locator("table.numbers").First.Locator("tbody tr", new() { HasText = cell.Key });
            await Assertions.Expect(row.Locator("td >> nth=1")).ToContainTextAsync(MeanAndSem(cell, t => t.Response!.Correct));
            await Assertions.Expect(row.Locator("td >> nth=2")).ToContainTextAsync(MeanAndSem(cell, t => answers[t.StimulusId!.Value] == t.CorrectCategory));
            await Assertions.Expect(row.Locator("td >> nth=4")).ToHaveTextAsync($"{cell.Count()}");
        }

        // Over participants, as published: the population's standard deviation, divided by the root of their number.
        static string MeanAndSem(IEnumerable<Trial> cell, Func<Trial, bool> right)
        {
            var shares = cell.GroupBy(t => t.SessionId).Select(g => g.Average(t => right(t) ? 1.0 : 0.0)).ToArray();
            var mean = shares.Average();
            return $"{mean:0.000} ± {Math.Sqrt(shares.Sum(s => (s - mean) * (s - mean))) / shares.Length:0.000}";
        }

        var download = await page.TakeAsync("trials.csv");
        Assert.Equal("what-colour-is-it-trials.csv", download.SuggestedFilename);
        using var csv = CsvHelper.CsvReader.FromText(await File.ReadAllTextAsync((await download.PathAsync())!), new CsvHelper.CsvReaderOptions());
        var rows = new List<(string Observer, string Phase, string Catch, string Correct)>();
        while (csv.Read()) rows.Add((csv.GetString("observer_type")!, csv.GetString("phase")!, csv.GetString("is_catch")!, csv.GetString("correct")!));
        Assert.Equal(3 * (3 + 12 + 1), rows.Count(r => r.Observer == "human"));
        Assert.Equal(sessions.Sum(s => s.Trials.Count(t => t.Response!.Correct)), rows.Count(r => r.Observer == "human" && r.Correct == "true"));
        Assert.Equal(3 * 12, rows.Count(r => r.Observer == "model" && r.Phase == "main" && r.Catch == "false"));
    }

    internal static FilePayload[] Files(string category, int count) =>
        [.. Enumerable.Range(0, count).Select(n => new FilePayload { Name = $"{category}-{n}.png", MimeType = "image/png", Buffer = ColourNet.Picture(category, n) })];
}
