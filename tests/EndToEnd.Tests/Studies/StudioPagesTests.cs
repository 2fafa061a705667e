using System.IO.Compression;
using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests.Studies;

/// <summary>
/// From a protocol to a running study: the checks lead to their fields, the draft is tried, its power computed, it is published, people are invited,
/// and the live page follows. Two sizes, light and dark; with <c>SCREENSHOTS</c> set to a folder each page is saved there.
/// </summary>
public sealed class StudioPagesTests(Browser browser, StudiesOnServer studies) : IClassFixture<StudiesOnServer>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    [Theory]
    [InlineData("studio-wide-light", 1440, 900, ColorScheme.Light)]
    [InlineData("studio-small-dark", 1024, 700, ColorScheme.Dark)]
    public async Task From_the_protocol_to_the_live_page(string name, int width, int height, ColorScheme colours)
    {
        await using var context = await browser.NewContextAsync(width, height, colours: colours);
        var page = await studies.SignInAsync(context);
        var title = $"Studio {name}";
        await page.GotoAsync($"{studies.Server.Address}/admin/studies/new");
        await page.GetByText("Geirhos lab design").ClickAsync();
        await Assertions.Expect(page.GetByLabel("Practice trials", new() { Exact = true })).ToHaveValueAsync("12");
        await page.GetByText("Feather 2023, vision").ClickAsync();
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await LookAsync("0-new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        var address = page.Url;

        // A check leads to its field.
        await page.GetByLabel("Consent", new() { Exact = true }).FillAsync("");
        await page.Locator("button.problem.error", new() { HasText = "The consent text is empty" }).ClickAsync();
        await page.UntilAsync("document.activeElement?.tagName === 'TEXTAREA' && document.activeElement.closest('#field-consent')");
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true })).ToBeDisabledAsync();
        await page.Keyboard.TypeAsync("You look at **pictures**. <script>alert(1)</script>");
        await page.Locator("#field-consent").GetByRole(AriaRole.Button, new() { Name = "Preview" }).ClickAsync();
        await Assertions.Expect(page.Locator("#field-consent .markdown-preview strong")).ToHaveTextAsync("pictures");
        await Assertions.Expect(page.Locator(".markdown-preview script")).ToHaveCountAsync(0);
        await LookAsync("1-editor");
        await page.Locator("#field-conditions").ScrollIntoViewIfNeededAsync();
        await LookAsync("2-conditions");
        await page.Locator(".timeline").ScrollIntoViewIfNeededAsync();
        await Assertions.Expect(page.Locator(".timeline .stimulus .frames")).ToHaveTextAsync("18 f");
        await LookAsync("3-timeline");
        await page.GetByLabel("Places", new() { Exact = true }).FillAsync("4");
        await page.GetByRole(AriaRole.Button, new() { Name = "Save the draft" }).ClickAsync();
        await page.GetByText("The draft is saved.").WaitForAsync();

        // As a participant; it is counted nowhere.
        await page.GotoAsync($"{address}/try");
        await page.GetByText("Your answers are marked as a preview").WaitForAsync();
        await Assertions.Expect(page.Locator(".consent strong")).ToHaveTextAsync("pictures");
        await LookAsync("4-try");
        await page.Locator("#consent button").ClickAsync();
        await page.WaitForURLAsync("**/run/**");
        await page.GotoAsync($"{address}/participants");
        await page.GetByText("Nobody has begun yet").WaitForAsync();

        await page.GotoAsync($"{address}/power");
        await page.GetByLabel("Participants", new() { Exact = true }).FillAsync("20");
        await page.GetByRole(AriaRole.Button, new() { Name = "Compute" }).ClickAsync();
        await page.Locator(".power-table tbody tr").Nth(12).WaitForAsync(new() { Timeout = 300_000 });
        // Observers go through the draft by the server, and its results page is filled before anything is published.
        await page.GetByLabel("How many", new() { Exact = true }).FillAsync("3");
        await page.GetByLabel("How many", new() { Exact = true }).PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Send them through the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "See their results" }).WaitForAsync();
        await LookAsync("5-power");
        await page.GetByRole(AriaRole.Link, new() { Name = "See their results" }).ClickAsync();
        await page.GetByText("simulated answers to a draft").WaitForAsync();
        await page.Locator("svg.curve .end-label").First.WaitForAsync();
        // The pages' policy forbids style attributes in markup: a label that lost its colour would be black.
        Assert.NotEqual("rgb(0, 0, 0)", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.end-label')).fill"));
        await LookAsync("5-draft-results");

        await page.GotoAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await page.GetByText("The study is open.").WaitForAsync();
        await page.Locator(".version-files").WaitForAsync();
        var file = await page.RunAndWaitForDownloadAsync(() => page.GetByText("preregistration", new() { Exact = true }).ClickAsync());
        using (var zip = ZipFile.OpenRead((await file.PathAsync())!)) Assert.Equal(["study.json", "index.html", "SHA256SUMS"], zip.Entries.Select(e => e.FullName));
        await LookAsync("6-published");

        await page.GetByRole(AriaRole.Link, new() { Name = "Invite", Exact = true }).ClickAsync();
        await page.Locator(".qr svg").WaitForAsync();
        await page.GetByText("PROLIFIC_PID={{%PROLIFIC_PID%}}").WaitForAsync();
        await LookAsync("7-invite");
        await page.GetByLabel("For whom, one on each line").FillAsync("Ada\nGrace");
        await page.GetByLabel("For whom, one on each line").PressAsync("Tab");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the links" }).ClickAsync();
        await Assertions.Expect(page.GetByText("nobody yet")).ToHaveCountAsync(2);
        await LookAsync("8-personal");

        await using var db = studies.Server.OpenDatabase();
        var study = db.Studies.Single(s => s.Name == title);
        await page.GetByRole(AriaRole.Link, new() { Name = "Participants", Exact = true }).ClickAsync();
        await studies.TakePartAsync(study, people: 3);
        await studies.TakePartAsync(study, people: 1, trials: 30);
        await page.GetByText("All 4 places are taken").WaitForAsync();
        await Assertions.Expect(page.Locator(".strip")).ToHaveCountAsync(4);
        var violations = await page.ViolationsAsync();
        Assert.True(violations.Length == 0, string.Join('\n', violations));
        await LookAsync("9-live");
        await page.GetByRole(AriaRole.Link, new() { Name = "Try exclusion rules" }).ClickAsync();
        await page.GetByLabel("Median RT", new() { Exact = true }).FillAsync("5000");
        await page.GetByLabel("Median RT", new() { Exact = true }).PressAsync("Tab");
        await page.Locator(".rule-hits", new() { HasText = "P1, P2, P3" }).WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Put these rules into the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "The draft has these rules" }).WaitForAsync();
        Assert.Equal(5000, studies.Server.OpenDatabase().Studies.Single(s => s.Id == study.Id).Draft.Exclusion.MedianReactionTimeMsAtLeast);
        await LookAsync("9-rules");
        violations = await page.ViolationsAsync();
        Assert.True(violations.Length == 0, string.Join('\n', violations));

        await page.GotoAsync(address);
        await page.GetByRole(AriaRole.Button, new() { Name = "Pause", Exact = true }).ClickAsync();
        await page.GetByText("The study is paused").WaitForAsync();
        Assert.Contains("not open", await (await page.Context.APIRequest.GetAsync($"{studies.Server.Address}/s/{study.LinkKey}")).TextAsync(), StringComparison.OrdinalIgnoreCase);

        await page.GotoAsync($"{studies.Server.Address}/admin/studies/replicate");
        await page.UntilAsync("document.querySelector('.drop-zone input')?._blazorInputFileNextFileId !== undefined");
        await page.Locator(".drop-zone input").SetInputFilesAsync(new FilePayload { Name = "wrong.zip", MimeType = "application/zip", Buffer = [1, 2, 3] });
        await page.GetByText("This file is no zip").WaitForAsync();
        await LookAsync("A-replicate");

        async Task LookAsync(string screen)
        {
            await page.SettledAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{screen} is wider than the window.");
            if (Folder is null) return;
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{screen}.png") });
        }
    }

    [Fact]
    public async Task The_second_of_two_researchers_is_told_and_overwrites_nothing()
    {
        await using var context = await browser.NewContextAsync(1440, 900);
        var first = await studies.SignInAsync(context);
        await first.GotoAsync($"{studies.Server.Address}/admin/studies/new");
        await first.GetByLabel("Title", new() { Exact = true }).FillAsync("Two at once");
        await first.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await first.GetByRole(AriaRole.Heading, new() { Name = "Two at once" }).WaitForAsync();
        var second = await context.NewPageAsync();
        await second.GotoAsync(first.Url);
        await second.GetByRole(AriaRole.Heading, new() { Name = "Two at once" }).WaitForAsync();
        await SaveAsync(first, "The first one's thanks.");
        await first.GetByText("The draft is saved.").WaitForAsync();
        await SaveAsync(second, "The second one's thanks.");
        await second.GetByText("Nothing of yours was stored").WaitForAsync();
        // What was typed is still there to be copied.
        await Assertions.Expect(second.GetByLabel("Thanks, above the completion code")).ToHaveValueAsync("The second one's thanks.");
        await using var db = studies.Server.OpenDatabase();
        Assert.Equal("The first one's thanks.", db.Studies.Single(s => s.Name == "Two at once").Draft.Thanks);

        static async Task SaveAsync(IPage page, string thanks)
        {
            await page.GetByLabel("Thanks, above the completion code").FillAsync(thanks);
            await page.GetByRole(AriaRole.Button, new() { Name = "Save the draft" }).ClickAsync();
        }
    }
}
