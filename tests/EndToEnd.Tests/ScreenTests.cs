using Microsoft.Playwright;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>
/// Every screen at three sizes fits the window. With the environment variable <c>SCREENSHOTS</c> set to a folder, each is saved there to be looked at.
/// </summary>
public sealed class ScreenTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    [Theory]
    [InlineData("desktop", 1440, 900, false)]
    [InlineData("small", 1024, 600, false)]
    [InlineData("phone", 390, 844, true)]
    public async Task Every_screen_fits(string name, int width, int height, bool touch)
    {
        // A screenshot takes its time: phases that are looked at last longer.
        var phaseMs = Folder is null ? 100 : 1500;
        var durations = new Server.Studies.TrialDurations { BlankMs = 100, FixationMs = phaseMs, StimulusMs = phaseMs, MaskMs = phaseMs };
        var study = await server.PublishAsync(TestStudy.SixteenCategories, each: 1, practice: 2, mainTrials: 10, catchTrials: 0, durations: durations);
        await using var context = await browser.NewContextAsync(width, height, touch);
        var page = await context.NewPageAsync();
        var person = new Participant(page, server, study);

        async Task LookAsync(string screen)
        {
            if (Folder is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"{name}-{screen}.png") });
        }

        await page.GotoAsync(server.Address);
        await LookAsync("0-home");
        await page.GotoAsync($"{server.Address}/s/{study.LinkKey}");
        await LookAsync("1-consent");
        Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), "The first page is wider than the window.");
        await person.ConsentAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "in this window" }).WaitForAsync();
        await LookAsync("2-instructions");
        await FitsAsync(".card");
        await person.StartAsync();
        foreach (var phase in Folder is null ? (string[])[] : ["fixation", "stimulus", "mask"])
        {
            await page.Locator($".presenter[data-phase={phase}]").WaitForAsync();
            await LookAsync($"3-{phase}");
        }
        await person.WaitForGridAsync();
        await LookAsync("4-grid");
        for (var n = 0; n < 16; n++) await FitsAsync($".tile >> nth={n}");
        // A tile whose icon is not served shows its word alone.
        await page.UntilAsync("[...document.querySelectorAll('.tile img')].filter(icon => icon.naturalWidth > 0).length === 16");
        await page.GetByRole(AriaRole.Button, new() { Name = "Leave the study" }).ClickAsync();
        await LookAsync("5-leave");
        await FitsAsync(".panel.over .card");
        await person.NextAsync("Stay");

        // By a finger or the mouse.
        var tile = page.Locator(".tile", new() { HasText = "airplane" });
        if (touch) await tile.TapAsync();
        else await tile.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).WaitForAsync();
        await LookAsync("6-feedback");
        await FitsAsync(".card");
        await person.NextAsync();
        await person.AnswerAsync();
        await person.NextAsync();
        await LookAsync("7-main");
        await person.NextAsync("Start");
        for (var n = 0; n < 5; n++) await person.AnswerAsync(n);
        await page.GetByText("Rest your eyes").WaitForAsync();
        await LookAsync("8-break");
        await person.NextAsync("Go on");
        await context.SetOfflineAsync(true);
        await person.AnswerAsync();
        await person.WaitForGridAsync();
        await page.GetByText("No connection.").WaitForAsync();
        await LookAsync("9-offline");
        await context.SetOfflineAsync(false);
        for (var n = 6; n < 10; n++) await person.AnswerAsync(n);
        await person.CodeAsync();
        await LookAsync("A-thanks");

        async Task FitsAsync(string what)
        {
            var box = await page.Locator(what).BoundingBoxAsync();
            Assert.True(box is not null && box.X >= 0 && box.Y >= 0 && box.X + box.Width <= width && box.Y + box.Height <= height,
                $"{what} does not fit {width} x {height}: {box?.X}, {box?.Y}, {box?.Width} x {box?.Height}");
        }
    }
}
