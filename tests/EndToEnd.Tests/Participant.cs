using Microsoft.Playwright;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Somebody in front of the browser.</summary>
public sealed class Participant(IPage page, ServerProcess server, TestStudy study)
{
    private static readonly string[] Keys = ["1", "2", "3", "4", "q", "w", "e", "r", "a", "s", "d", "f", "z", "x", "c", "v"];
    private static readonly string[] KeysOfTwoColumns = ["1", "2", "q", "w"];

    public IPage Page => page;

    public ILocator Heading => page.Locator("h1");

    /// <summary>Opens the link and agrees.</summary>
    public async Task ConsentAsync()
    {
        await page.GotoAsync($"{server.Address}/s/{study.LinkKey}");
        await page.GetByRole(AriaRole.Button, new() { Name = "I agree and take part" }).ClickAsync();
        await page.WaitForURLAsync("**/run/*");
    }

    /// <summary>Waits for the pictures and starts without full screen.</summary>
    public Task StartAsync() => page.GetByRole(AriaRole.Button, new() { Name = "in this window" }).ClickAsync(new() { Timeout = 60_000 });

    public Task WaitForGridAsync() => page.Locator(".presenter[data-phase=response]").WaitForAsync();

    /// <summary>Presses the key of a choice.</summary>
    public async Task AnswerAsync(int choice = 0)
    {
        await WaitForGridAsync();
        await page.Keyboard.PressAsync((study.Design.Categories.Length <= 4 ? KeysOfTwoColumns : Keys)[choice]);
        await page.Locator(".presenter:not([data-phase=response])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
    }

    public Task NextAsync(string button = "Next") => page.GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).PressAsync("Enter");

    /// <summary>All practice trials with their feedback.</summary>
    public async Task PracticeAsync()
    {
        for (var n = 0; n < study.Design.PracticeStimuli.Length; n++)
        {
            await AnswerAsync(n % study.Design.Categories.Length);
            await NextAsync();
        }
        await NextAsync("Start");
    }

    public int MainTrials => study.Design.MainTrials + study.Design.CatchTrials;

    /// <summary>Waits for the thanks and reads the completion code.</summary>
    public Task<string> CodeAsync() => page.Locator("#completion-code").InnerTextAsync(new() { Timeout = 30_000 });
}
