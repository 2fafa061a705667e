using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.EndToEnd.Tests.Studies;

/// <summary>
/// A researcher's pages of studies, at two sizes, in light and dark. With the environment variable <c>SCREENSHOTS</c> set to a folder, each is
/// saved there to be looked at.
/// </summary>
public sealed class StudyPagesTests(Browser browser, StudiesOnServer studies) : IClassFixture<StudiesOnServer>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    [Theory]
    [InlineData("wide-light", 1440, 900, ColorScheme.Light)]
    [InlineData("small-dark", 1024, 600, ColorScheme.Dark)]
    public async Task From_the_template_to_the_results(string name, int width, int height, ColorScheme colours)
    {
        await using var context = await browser.NewContextAsync(width, height, colours: colours);
        var page = await studies.SignInAsync(context);

        await page.GotoAsync($"{studies.Server.Address}/admin/studies");
        await LookAsync("0-list");
        await page.GotoAsync($"{studies.Server.Address}/admin/studies/new");
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).WaitForAsync();
        await LookAsync("1-new");
        var title = $"What do you see? ({name})";
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        await LookAsync("2-editor");
        await page.GetByLabel("Main trials", new() { Exact = true }).FillAsync("500");
        await page.GetByLabel("Consent", new() { Exact = true }).FillAsync("");
        await LookAsync("3-refused");
        await page.GetByLabel("Main trials", new() { Exact = true }).FillAsync("40");
        await page.GetByLabel("Consent", new() { Exact = true }).FillAsync("You look at pictures.");
        await page.GetByLabel("Places", new() { Exact = true }).FillAsync("20");
        await page.GetByRole(AriaRole.Link, new() { Name = "Participants" }).ClickAsync();
        await page.GetByText("The draft has changes that are not saved.").WaitForAsync();
        await LookAsync("4-leaving");
        await page.GetByRole(AriaRole.Button, new() { Name = "Stay" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish", Exact = true }).ClickAsync();
        await page.GetByText("The study is open.").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Published" }).WaitForAsync();
        await LookAsync("5-published");

        await using var db = studies.Server.OpenDatabase();
        var study = db.Studies.Single(s => s.Name == title);
        await page.GetByRole(AriaRole.Link, new() { Name = "Results", Exact = true }).ClickAsync();
        await page.GetByText("Nobody has finished yet").WaitForAsync();
        await LookAsync("6-nobody");
        await page.GetByRole(AriaRole.Link, new() { Name = "Participants", Exact = true }).ClickAsync();
        await page.GetByText("Nobody has begun yet").WaitForAsync();

        // The page follows by itself.
        await studies.TakePartAsync(study, people: 6);
        await studies.TakePartAsync(study, people: 1, trials: 10);
        var leaving = await studies.TakePartAsync(study, people: 1, trials: 3);
        await SessionEnd.WithdrawAsync(db, leaving[0], TimeProvider.System);
        await page.GetByText("7 of 20").WaitForAsync();
        await Assertions.Expect(page.Locator(".funnel-step b")).ToHaveTextAsync(["0", "8", "6", "6", "6"]);
        await Assertions.Expect(page.Locator(".funnel-others dd")).ToHaveTextAsync(["1", "0", "0", "0", "0", "0", "1", "0", "0", "0"]);
        await page.Locator(".strip").Nth(6).WaitForAsync();
        await LookAsync("7-participants");

        await studies.RunAsync("simulate", title, "--observers", "8");
        await page.GetByRole(AriaRole.Link, new() { Name = "Results", Exact = true }).ClickAsync();
        await page.Locator(".panels svg.curve").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".results-facts dd").First).ToHaveTextAsync("6");
        await Assertions.Expect(page.Locator(".synthetic-banner, .watermark")).ToHaveCountAsync(0);
        await LookAsync("8-results");
        var download = await page.TakeAsync("trials.csv");
        Assert.DoesNotContain("synthetic,S", await File.ReadAllTextAsync(await download.PathAsync()), StringComparison.Ordinal);

        // A filtered page offers what it shows, and everything.
        var whole = page.Url;
        await page.GotoAsync($"{whole}?timing=exact");
        await page.Locator(".panels svg.curve").First.WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Download", Exact = true }).ClickAsync();
        await Assertions.Expect(page.Locator(".mud-popover-open .menu-heading")).ToHaveTextAsync(["As shown: all versions, only trials whose timing is exact", "Everything: all versions"]);
        await LookAsync("8-downloads");
        download = await page.RunAndWaitForDownloadAsync(() => page.Locator(".mud-popover-open a", new() { HasText = "trials.csv" }).First.ClickAsync());
        Assert.EndsWith("-timing-exact-trials.csv", download.SuggestedFilename, StringComparison.Ordinal);
        await page.GotoAsync(whole);
        await page.Locator(".panels svg.curve").First.WaitForAsync();

        await page.GetByText("Synthetic observers", new() { Exact = true }).ClickAsync();
        await page.Locator(".panels .watermark").First.WaitForAsync();
        await Assertions.Expect(page.Locator(".synthetic-banner")).ToHaveCountAsync(1);
        await Assertions.Expect(page.Locator(".results-facts dd").First).ToHaveTextAsync("8");
        await Assertions.Expect(page.Locator(".panels .watermark")).ToHaveCountAsync(2);
        await LookAsync("9-synthetic");
        download = await page.TakeAsync("trials.csv");
        Assert.Contains("-synthetic-", download.SuggestedFilename, StringComparison.Ordinal);

        // A change makes a second version; the first keeps its sessions.
        await page.GetByRole(AriaRole.Link, new() { Name = "Design", Exact = true }).ClickAsync();
        await page.GetByLabel("Thanks, above the completion code").FillAsync("Goodbye.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish as version 2" }).ClickAsync();
        await page.GetByText("as version 2").WaitForAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Close the study" }).ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Open it again" }).WaitForAsync();
        await Assertions.Expect(page.GetByRole(AriaRole.Button, new() { NameRegex = new("Publish") })).ToHaveCountAsync(0);
        await LookAsync("A-closed");
        await db.ModelAnswers.Where(a => a.StimulusId == study.Draft.NaturalStimuli[0]).ExecuteDeleteAsync();
        await page.GetByRole(AriaRole.Link, new() { Name = "Results", Exact = true }).ClickAsync();
        await page.GetByText("The models have still to give 2 answers").WaitForAsync();
        await Assertions.Expect(page.Locator(".results-facts dd").First).ToHaveTextAsync("6");
        await LookAsync("B-waiting");
        await page.Locator(".results-tools .mud-select").First.ClickAsync();
        await page.GetByText("version 2, ").ClickAsync();
        await page.GetByText("Nobody has finished yet").WaitForAsync();
        await LookAsync("C-version-2");
        await studies.World.AnswerAsync(db, (_, _) => true, only: study.Draft.NaturalStimuli[0]);
        await page.GotoAsync($"{studies.Server.Address}/admin/studies");
        await LookAsync("D-list");

        async Task LookAsync(string screen)
        {
            await page.SettledAsync();
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{screen} is wider than the window.");
            if (Folder is null) return;
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{screen}.png") });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{screen}-full.png"), FullPage = true });
        }
    }
}
