using Microsoft.Playwright;

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
        await page.GetByLabel("Title").FillAsync(title);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the draft" }).ClickAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = title }).WaitForAsync();
        await LookAsync("2-editor");
        await page.GetByLabel("Main trials").FillAsync("500");
        await page.GetByLabel("Consent").FillAsync("");
        await LookAsync("3-refused");
        await page.GetByLabel("Main trials").FillAsync("40");
        await page.GetByLabel("Consent").FillAsync("You look at pictures.");
        await page.GetByRole(AriaRole.Button, new() { Name = "Publish" }).ClickAsync();
        await page.GetByText("The study is open.").WaitForAsync();
        await LookAsync("4-published");
        await page.GetByRole(AriaRole.Link, new() { Name = "Results" }).ClickAsync();
        await LookAsync("5-nobody");

        await using var db = studies.Server.OpenDatabase();
        var study = db.Studies.Single(s => s.Name == title);
        await studies.TakePartAsync(study, people: 6);
        await studies.TakePartAsync(study, people: 1, trials: 10);
        await studies.RunAsync("simulate", title, "--observers", "8");
        await page.ReloadAsync();
        await LookAsync("6-results");
        await page.GetByText("Synthetic observers").ClickAsync();
        await LookAsync("7-synthetic");
        await page.GotoAsync($"{studies.Server.Address}/admin/studies");
        await LookAsync("8-list");

        async Task LookAsync(string screen)
        {
            await page.WaitForTimeoutAsync(900);
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{screen} is wider than the window.");
            if (Folder is null) return;
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{screen}.png") });
            await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{screen}-full.png"), FullPage = true });
        }
    }
}
