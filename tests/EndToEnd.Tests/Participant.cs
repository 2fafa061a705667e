using Microsoft.Playwright;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Somebody in front of the browser.</summary>
public sealed class Participant(IPage page, ServerProcess server, string linkKey, Server.Studies.StudyDesign design)
{
    public Participant(IPage page, ServerProcess server, TestStudy study) : this(page, server, study.LinkKey, study.Design)
    {
    }

    private static readonly string[] Keys = ["1", "2", "3", "4", "q", "w", "e", "r", "a", "s", "d", "f", "z", "x", "c", "v"];
    private static readonly string[] KeysOfTwoColumns = ["1", "2", "q", "w"];

    public IPage Page => page;

    public ILocator Heading => page.Locator("h1");

    /// <summary>Opens the link and agrees.</summary>
    public async Task ConsentAsync()
    {
        await page.GotoAsync($"{server.Address}/s/{linkKey}");
        await page.GetByRole(AriaRole.Button, new() { Name = "I agree and take part" }).ClickAsync();
        await page.WaitForURLAsync("**/run/*");
    }

    /// <summary>Waits for the pictures and starts without full screen.</summary>
    public Task StartAsync() => page.GetByRole(AriaRole.Button, new() { Name = "in this window" }).ClickAsync();

    public Task WaitForGridAsync() => page.Locator(".presenter[data-phase=response]").WaitForAsync();

    /// <summary>Presses the key of a choice.</summary>
    public async Task AnswerAsync(int choice = 0)
    {
        await WaitForGridAsync();
        await AnswerAsync(() => page.Keyboard.PressAsync((design.Categories.Length <= 4 ? KeysOfTwoColumns : Keys)[choice]));
    }

    /// <summary>Does what answers the trial on the screen, and waits until it has gone from there. The page itself notes that: on a busy machine the next one may be there before anybody outside looks.</summary>
    public async Task AnswerAsync(Func<Task> answer)
    {
        await page.Locator(".presenter").EvaluateAsync("""
            presenter => {
              presenter.dataset.asked = '';
              new MutationObserver(() => delete presenter.dataset.asked).observe(presenter, { attributeFilter: ['data-phase'] });
            }
            """);
        await answer();
        await page.Locator(".presenter[data-asked]").WaitForAsync(new() { State = WaitForSelectorState.Detached });
    }

    public Task NextAsync(string button = "Next") => page.Locator(".panel").GetByRole(AriaRole.Button, new() { Name = button, Exact = true }).PressAsync("Enter");

    /// <summary>All practice trials with their feedback.</summary>
    public async Task PracticeAsync()
    {
        for (var n = 0; n < design.PracticeStimuli.Length; n++)
        {
            await AnswerAsync(n % design.Categories.Length);
            await NextAsync();
        }
        await NextAsync("Start");
    }

    /// <summary>All main trials, with the break in their middle if there is one.</summary>
    public async Task MainAsync(Func<int, int> choice)
    {
        var rest = page.GetByText("Rest your eyes");
        for (var n = 0; n < MainTrials; n++)
        {
            await page.Locator(".presenter[data-phase=response]").Or(rest).First.WaitForAsync();
            if (await rest.IsVisibleAsync()) await NextAsync("Go on");
            await AnswerAsync(choice(n));
        }
    }

    public int MainTrials => design.MainTrials + design.CatchTrials;

    /// <summary>Waits for the thanks and reads the completion code.</summary>
    public Task<string> CodeAsync() => page.Locator("#completion-code").InnerTextAsync();
}
