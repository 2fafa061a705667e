using System.Text.RegularExpressions;
using Microsoft.Playwright;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>A researcher in front of the browser: does by mouse and keys what the pages offer.</summary>
public sealed partial class Researcher(IPage page, ServerProcess server)
{
    private static readonly string? Shots = Environment.GetEnvironmentVariable("SCREENSHOTS") is { Length: > 0 } folder ? folder : null;

    public IPage Page => page;

    public ILocator Heading => page.Locator("h1");

    public ILocator Alert => page.Locator(".mud-alert");

    /// <summary>The address that the server printed for the first researcher.</summary>
    public async Task<string> SetUpAddressAsync()
    {
        var said = await Wait.UntilAsync(() => Task.FromResult(server.Said), IsThere, lines => $"the server printed no set-up token, but: {string.Join('\n', lines)}");
        return said.First(line => line.Contains("/set-up?token="));

        static bool IsThere(string[] lines) => lines.Any(line => line.Contains("/set-up?token="));
    }

    /// <summary>From the printed token to the overview.</summary>
    public async Task SetUpAsync(string email = "researcher@example.org", string password = "correct horse battery")
    {
        await page.GotoAsync(await SetUpAddressAsync());
        await LookAsync("01-set-up");
        await page.GetByLabel("E-mail").FillAsync(email);
        await page.GetByLabel("Password", new() { Exact = true }).FillAsync(password);
        await page.GetByLabel("Password again").FillAsync(password);
        await page.GetByRole(AriaRole.Button, new() { Name = "Make the account" }).ClickAsync();
        await page.WaitForURLAsync("**/admin");
        await Assertions.Expect(Heading).ToHaveTextAsync("Overview");
    }

    /// <summary>Opens a page by its address and waits for its title.</summary>
    public async Task OpenAsync(string path, string? heading = null)
    {
        await page.GotoAsync(server.Address + path);
        await Assertions.Expect(Heading).ToBeVisibleAsync();
        if (heading is not null) await Assertions.Expect(Heading).ToHaveTextAsync(heading);
    }

    /// <summary>Uploads a model; the page goes on to the model, or says why not.</summary>
    public Task UploadModelAsync(byte[] onnx, string fileName) =>
        ChooseAsync(".drop-zone input[type=file]", new FilePayload { Name = fileName, MimeType = "application/octet-stream", Buffer = onnx });

    /// <summary>Loads the pipeline file in the second tab, and saves.</summary>
    public async Task SetPipelineAsync(string json)
    {
        await page.GetByRole(AriaRole.Tab, new() { Name = "Input and categories" }).ClickAsync();
        await ChooseAsync(".load-pipeline input[type=file]", new FilePayload { Name = "pipeline.json", MimeType = "application/json", Buffer = System.Text.Encoding.UTF8.GetBytes(json) });
        await SnackAsync("Loaded");
        await LookAsync("06-pipeline");
        await ClickAsync("Save");
        await SnackAsync("Saved.");
    }

    /// <summary>Makes a set of pictures and uploads into it, one upload for each category.</summary>
    public async Task MakeSetAsync(string name, IEnumerable<(string Category, FilePayload[] Files)> uploads)
    {
        await OpenAsync("/admin/stimuli/new", "New set of pictures");
        await LookAsync("08-new-set");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await ClickAsync("Make the set");
        await Assertions.Expect(Heading).ToHaveTextAsync(name);
        await LookAsync("09-empty-set");
        foreach (var (category, files) in uploads)
        {
            await page.GetByLabel("Category of these pictures").FillAsync(category);
            await page.Keyboard.PressAsync("Tab");
            await UploadPicturesAsync(files);
            await page.GetByText(files.Length == 1 ? "1 picture was added" : $"{files.Length} pictures were added").WaitForAsync();
            await Assertions.Expect(page.Locator(".mud-chip", new() { HasText = category })).ToBeVisibleAsync();
        }
    }

    /// <summary>Chooses files for the set that is open, looks at the list, uploads them.</summary>
    public async Task UploadPicturesAsync(params FilePayload[] files)
    {
        await ChooseAsync(".drop-zone > input[type=file]", files);
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("^Upload .* file") }).ClickAsync();
    }

    /// <summary>Fills the form of a new campaign and starts it; leaves at its page.</summary>
    public async Task StartCampaignAsync(string name, int? steps = null, string[]? stages = null, string preset = "Fast", string model = "colours", string pairsOf = "Pictures")
    {
        await OpenAsync("/admin/campaigns/new", "New campaign");
        await page.GetByLabel("Name", new() { Exact = true }).FillAsync(name);
        await page.Locator(".mud-select", new() { HasText = "Preset" }).First.ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = preset }).ClickAsync();
        // The list closes, and the form is drawn anew, before a person could write into it.
        await Assertions.Expect(page.Locator(".mud-popover-open")).ToHaveCountAsync(0);
        if (steps is not null) await page.GetByLabel("Steps", new() { Exact = true }).FillAsync($"{steps}");
        await page.GetByLabel("Seed", new() { Exact = true }).FillAsync("7");
        await page.Locator(".mud-select", new() { HasText = $"{pairsOf} of the pairs" }).First.ClickAsync();
        await page.Locator(".mud-popover-open .mud-list-item", new() { HasText = "each once" }).ClickAsync();
        await page.GetByLabel("Pairs", new() { Exact = true }).FillAsync("1000");
        if (stages is not null)
        {
            var picker = page.Locator(".stage-picker", new() { Has = page.GetByText(model, new() { Exact = true }) });
            await picker.GetByRole(AriaRole.Button, new() { Name = "None" }).ClickAsync();
            await picker.GetByRole(AriaRole.Button, new() { NameRegex = AllOfThem() }).ClickAsync();
            // Now the chips move: who clicks before they stand still gets another one.
            await Assertions.Expect(picker.GetByRole(AriaRole.Button, new() { Name = "Fewer" })).ToBeVisibleAsync();
            foreach (var stage in stages) await picker.Locator(".mud-chip").GetByText(stage, new() { Exact = true }).ClickAsync();
        }
        await LookAsync("12-new-campaign");
        await page.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("Make .* metamers") }).ClickAsync();
        await Assertions.Expect(Heading).ToHaveTextAsync(name);
    }

    /// <summary>A study by the template from the sets that are ticked, with phases that last just long enough to be there; leaves at its design.</summary>
    public async Task DraftStudyAsync(string title, int mainTrials, int practiceTrials, int catchTrials)
    {
        await OpenAsync("/admin/studies/new", "New study");
        await page.GetByLabel("Title", new() { Exact = true }).FillAsync(title);
        await page.GetByLabel("Main trials", new() { Exact = true }).FillAsync($"{mainTrials}");
        await page.GetByLabel("Practice trials", new() { Exact = true }).FillAsync($"{practiceTrials}");
        await page.GetByLabel("Practice trials", new() { Exact = true }).PressAsync("Tab");
        await LookAsync("20-new-study");
        await ClickAsync("Make the draft");
        await Assertions.Expect(Heading).ToHaveTextAsync(title);
        await page.GetByLabel("Catch trials", new() { Exact = true }).FillAsync($"{catchTrials}");
        foreach (var phase in (string[])["Blank", "Fixation cross", "Stimulus", "Mask"]) await page.GetByLabel(phase, new() { Exact = true }).FillAsync("50");
        await page.Keyboard.PressAsync("Tab");
        await LookAsync("21-design");
    }

    /// <summary>Publishes the study whose design is open, and gives the participants' address.</summary>
    public async Task<string> PublishAsync()
    {
        await ClickAsync("Publish");
        await SnackAsync("The study is open.");
        await LookAsync("22-published");
        return (await page.Locator(".study-link a").First.GetAttributeAsync("href"))!;
    }

    /// <summary>Chooses files in a field, once the page listens to it: a person is never that fast.</summary>
    public async Task ChooseAsync(string field, params FilePayload[] files)
    {
        var input = page.Locator(field);
        await page.UntilAsync("input => input._blazorInputFileNextFileId !== undefined || input.dataset.ready", await input.ElementHandleAsync());
        await input.SetInputFilesAsync(files);
    }

    public Task ClickAsync(string button) => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).ClickAsync();

    public Task SnackAsync(string text) => page.Locator(".mud-snackbar", new() { HasText = text }).First.WaitForAsync();

    /// <summary>Nothing may stick out of the window; with the environment variable <c>SCREENSHOTS</c> each page is saved there, light and dark, in two sizes.</summary>
    public async Task LookAsync(string name)
    {
        if (Shots is not null)
        {
            // One that offers to undo stays until it is closed.
            await page.Locator(".mud-snackbar-close-button").EvaluateAllAsync<object>("buttons => buttons.forEach(button => button.click())");
            await page.Locator(".mud-snackbar").First.WaitForAsync(new() { State = WaitForSelectorState.Hidden, Timeout = 90_000 });
            foreach (var (size, width, height) in ((string, int, int)[])[("large", 1440, 900), ("small", 1024, 600)])
            {
                await page.SetViewportSizeAsync(width, height);
                foreach (var scheme in (ColorScheme[])[ColorScheme.Light, ColorScheme.Dark])
                {
                    await page.EmulateMediaAsync(new() { ColorScheme = scheme });
                    await page.WaitForTimeoutAsync(400);
                    await page.ScreenshotAsync(new() { Path = Path.Combine(Shots, $"{name}-{size}-{scheme.ToString().ToLowerInvariant()}.png"), FullPage = size == "large" });
                }
                await page.EmulateMediaAsync(new() { ColorScheme = ColorScheme.Light });
                await FitsAsync(name);
            }
            await page.SetViewportSizeAsync(1440, 900);
        }
        await FitsAsync(name);
    }

    private async Task FitsAsync(string name) => Assert.True(
        await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"{name} is wider than the window of {page.ViewportSize?.Width} pixels.");

    [GeneratedRegex(@"^All \d+$")]
    private static partial Regex AllOfThem();
}
