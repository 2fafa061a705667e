using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>The researcher's whole way through the real program, from the token on the console to the curve and the CSV.</summary>
public class ResearcherTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    [Fact]
    public async Task From_the_token_to_the_curve()
    {
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
        await page.GetByLabel("Name").FillAsync("colours");
        await me.UploadModelAsync(ResearcherNet.Onnx(), "colours.onnx");
        await Assertions.Expect(me.Heading).ToHaveTextAsync("colours");
        await me.LookAsync("05-model");
        await me.SetPipelineAsync(ResearcherNet.Pipeline);
        await page.GetByRole(AriaRole.Tab, new() { Name = "Try it" }).ClickAsync();
        await page.Locator(".drop-zone input[type=file]").SetInputFilesAsync(Files("red", 1));
        await Assertions.Expect(page.Locator(".try-out")).ToContainTextAsync("ruby");
        await me.LookAsync("07-try");

        // Pictures with categories.
        await me.MakeSetAsync("three colours", ResearcherNet.Categories.Select(c => (c, Files(c, 5))));
        await me.LookAsync("10-set");
        await me.OpenAsync("/admin/stimuli");
        await me.LookAsync("11-sets");

        // Metamers.
        await me.StartCampaignAsync("first look", steps: 300);
        await page.Locator(".run-pictures img >> nth=1").WaitForAsync();
        await me.LookAsync("13-running");
        await Assertions.Expect(page.GetByText("45 of 45 metamers")).ToBeVisibleAsync(new() { Timeout = 120_000 });
        await me.LookAsync("14-campaign");
        await me.OpenAsync("/admin/campaigns");
        await me.LookAsync("15-campaigns");
    }

    private static FilePayload[] Files(string category, int count) =>
        [.. Enumerable.Range(0, count).Select(n => new FilePayload { Name = $"{category}-{n}.png", MimeType = "image/png", Buffer = ResearcherNet.Picture(category, n) })];
}
