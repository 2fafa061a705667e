using Microsoft.Playwright;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>
/// A whole session in which every screen is met, by the keyboard alone and checked by axe-core against WCAG 2.2 AA; in English, in German, and
/// from right to left.
/// </summary>
public sealed class AccessibilityTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    private static readonly string? Folder = Environment.GetEnvironmentVariable("SCREENSHOTS");

    [Theory]
    [InlineData("en", "ltr", 1024, 600)]
    [InlineData("de", "ltr", 1024, 600)]
    [InlineData("en", "rtl", 1024, 600)]
    [InlineData("de", "ltr", 390, 844)]
    public async Task Every_screen_can_be_used_by_everybody(string language, string direction, int width, int height)
    {
        var study = await server.PublishAsync(practice: 1, mainTrials: 3, catchTrials: 0, change: design => design with
        {
            Language = language,
            BreakEveryTrials = 2,
            Practice = new() { RequiredProportion = 1, Attempts = 2 },
            Response = new() { DontKnow = true, ConfidenceLevels = 5, TimeLimitMs = 600_000 },
            Display = new() { SizeDegrees = 3, MaySkipCalibration = true },
            Questionnaire = new() { Age = true, Sex = true, Vision = true, Comments = true },
        });
        await using var context = await browser.NewContextAsync(width, height);
        await context.GrantPermissionsAsync([]);
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new() { ReducedMotion = ReducedMotion.Reduce });
        if (direction == "rtl") await page.AddInitScriptAsync("new MutationObserver(() => { if (document.documentElement.dir !== 'rtl') document.documentElement.dir = 'rtl'; }).observe(document, { attributes: true, subtree: true, childList: true })");
        var screens = 0;

        async Task CheckAsync(string heading)
        {
            await page.Locator("h1", new() { HasText = heading }).WaitForAsync();
            await LookAsync();
        }

        async Task LookAsync()
        {
            screens++;
            if (Folder is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, $"access-{language}-{direction}-{width}-{screens:00}.png") });
            var violations = await page.ViolationsAsync();
            Assert.True(violations.Length == 0, $"Screen {screens}: {string.Join("\n", violations)}");
            Assert.True(await page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth"), $"Screen {screens} is wider than the window.");
        }

        // What has the focus when a screen appears goes on with Enter; where nothing has it, the first button is reached by the tabulator.
        async Task GoOnAsync()
        {
            await page.UntilAsync("document.activeElement !== document.body");
            await page.Keyboard.PressAsync("Enter");
        }

        var german = language == "de";
        await page.GotoAsync($"{server.Address}/s/{study.LinkKey}");
        await CheckAsync("What do you see?");
        await page.Locator("form button").FocusAsync();
        await GoOnAsync();
        await CheckAsync(german ? "Zwei kleine Messungen" : "Two small measurements");
        await GoOnAsync();
        await page.Locator(".blind-spot").WaitForAsync();
        await LookAsync();
        await page.Keyboard.PressAsync("Tab");
        await GoOnAsync();
        await CheckAsync("What do you see?");
        await page.Locator(".buttons .plain").WaitForAsync();
        await LookAsync();
        await page.Locator(".buttons .plain").PressAsync("Enter");

        async Task AnswerAsync(string key)
        {
            await page.Locator(".presenter[data-phase=response]").WaitForAsync();
            if (key == "2") await LookAsync();
            await page.Keyboard.PressAsync(key);
            await page.Locator(".presenter[data-phase=rating]").WaitForAsync();
            if (key == "2") await LookAsync();
            await page.Keyboard.PressAsync("4");
            await page.Locator(".presenter:not([data-phase=rating])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        }

        await AnswerAsync("2");
        await page.Locator(".feedback").WaitForAsync();
        await LookAsync();
        await GoOnAsync();
        await CheckAsync(german ? "Bitte noch einmal" : "Once more, please");
        await page.Locator(".buttons .plain").PressAsync("Enter");
        await AnswerAsync("1");
        await page.Locator(".feedback").WaitForAsync();
        await GoOnAsync();
        await CheckAsync(german ? "Das war die Übung" : "That was the practice");
        await GoOnAsync();
        await AnswerAsync("1");
        // Leaving is asked for, and taken back.
        await page.Locator(".presenter[data-phase=response]").WaitForAsync();
        await page.Locator(".leave").PressAsync("Enter");
        await CheckAsync(german ? "Die Studie verlassen?" : "Leave the study?");
        await GoOnAsync();
        await AnswerAsync("1");
        await CheckAsync(german ? "Geschafft: 2 von 3" : "Done: 2 of 3");
        await GoOnAsync();
        await AnswerAsync("1");
        await CheckAsync(german ? "Einige Fragen zu Ihnen" : "A few questions about you");
        await page.Locator("#age").FocusAsync();
        await page.Keyboard.TypeAsync("44");
        await GoOnAsync();
        await CheckAsync(german ? "Vielen Dank" : "Thank you");
        Assert.Equal(language, await page.EvaluateAsync<string>("document.querySelector('h1').closest('[lang]').lang"));
        Assert.Equal(14, screens);
    }

    [Fact]
    public async Task A_typed_word_and_a_phone_that_is_not_allowed()
    {
        var words = await server.PublishAsync(practice: 0, mainTrials: 1, catchTrials: 0, change: design => design with { Response = new() { Format = AnswerFormat.Word, DontKnow = true } });
        await using var context = await browser.NewContextAsync();
        var person = new Participant(await context.NewPageAsync(), server, words);
        await person.ConsentAsync();
        await person.StartAsync();
        await person.WaitForGridAsync();
        await Assertions.Expect(person.Page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await person.Page.Keyboard.TypeAsync("b");
        Assert.Empty(await person.Page.ViolationsAsync());

        var desk = await server.PublishAsync(practice: 0, mainTrials: 1, change: design => design with { Display = new() { AllowTouch = false } });
        await using var phone = await browser.NewContextAsync(390, 844, touch: true);
        var caller = new Participant(await phone.NewPageAsync(), server, desk);
        await caller.ConsentAsync();
        await caller.Page.GetByRole(AriaRole.Heading, new() { Name = "Please use a computer" }).WaitForAsync();
        Assert.Empty(await caller.Page.ViolationsAsync());
    }

    [Fact]
    public async Task High_contrast_keeps_every_button_visible()
    {
        var study = await server.PublishAsync(practice: 0, mainTrials: 1, catchTrials: 0);
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        await page.EmulateMediaAsync(new() { ForcedColors = ForcedColors.Active });
        var person = new Participant(page, server, study);
        await person.ConsentAsync();
        await person.StartAsync();
        await person.WaitForGridAsync();
        // In forced colours backgrounds go: a tile is told by its border.
        Assert.NotEqual("0px", await page.EvaluateAsync<string>("getComputedStyle(document.querySelector('.tile')).borderTopWidth"));
        if (Folder is not null) await page.ScreenshotAsync(new() { Path = Path.Combine(Folder, "access-high-contrast.png") });
    }
}
