using Microsoft.Playwright;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>Somebody in front of the browser with headphones on.</summary>
public sealed class Listener(Participant person)
{
    private IPage Page => person.Page;

    /// <summary>The page's audio clock is kept where the test can stop it.</summary>
    public static Task HoldClockAsync(IPage page) => page.AddInitScriptAsync("window.AudioContext = class extends AudioContext { constructor(options) { super(options); window.audio = this; } };");

    public async Task AdjustLevelAsync()
    {
        await PlayAsync("Play the noise", Page.GetByRole(AriaRole.Button, new() { Name = "Stop the noise" }));
        await person.NextAsync();
    }

    // A busy browser may take longer to turn the sound on than the page waits; then the page says so, and the button is pressed again.
    private async Task PlayAsync(string button, ILocator heard)
    {
        for (var presses = 1; ; presses++)
        {
            await person.NextAsync(button);
            await heard.Or(Page.Locator(".panel [role=alert]")).First.WaitForAsync();
            try
            {
                // After a second press the sentence of the first is still there for a moment.
                await heard.WaitForAsync(new() { Timeout = presses == 1 ? 3_000 : 20_000 });
                return;
            }
            catch (TimeoutException) when (presses < 5)
            {
                // Once more.
            }
        }
    }

    /// <summary>Plays each round and says which tone was the quietest, from 1.</summary>
    public async Task CheckHeadphonesAsync(IReadOnlyList<int> quietest)
    {
        foreach (var (round, tone) in quietest.Index())
        {
            await Page.GetByText($"Round {round + 1} of 6").WaitForAsync();
            var answer = Page.GetByRole(AriaRole.Button, new() { Name = $"Tone {tone}", Exact = true });
            await PlayAsync("Play the tones", answer);
            await answer.PressAsync("Enter");
        }
    }

    /// <summary>Types a word as it comes, and gives it.</summary>
    public async Task TypeAsync(string word)
    {
        await person.WaitForGridAsync();
        await Assertions.Expect(Page.GetByRole(AriaRole.Combobox)).ToBeFocusedAsync();
        await Page.Keyboard.TypeAsync(word);
        await person.AnswerAsync(() => Page.Keyboard.PressAsync("Enter"));
    }

    /// <summary>Answers what is still asked, trials that come once more too, until the code is there.</summary>
    public async Task FinishAsync(string word)
    {
        var (done, start, response) = (Page.Locator("#completion-code"), Page.GetByRole(AriaRole.Button, new() { Name = "in this window" }), Page.Locator(".presenter[data-phase=response]"));
        while (true)
        {
            await done.Or(start).Or(response).First.WaitForAsync();
            if (await done.CountAsync() > 0) return;
            if (await start.CountAsync() > 0) await start.ClickAsync();
            else await TypeAsync(word);
        }
    }

    /// <summary>What somebody answers who hears each channel by itself; every so manyth is wrong.</summary>
    public static int[] Quietest(HeadphoneCheckPlan plan, int wrong = 0) =>
        [.. plan.Rounds.Select((r, n) => Array.FindIndex(r.Tones, t => t.Left < r.Tones.Max(o => o.Left)) is var at && n < wrong ? (at + 1) % 3 + 1 : at + 1)];
}
