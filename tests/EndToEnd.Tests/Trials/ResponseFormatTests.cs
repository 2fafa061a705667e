using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.EndToEnd.Tests.Trials;

/// <summary>Every way to answer, and what may come between the trials, in the browser and in the database.</summary>
public sealed class ResponseFormatTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    private async Task<List<Trial>> AnswersAsync(TestStudy study)
    {
        await using var db = server.OpenDatabase();
        return await db.Trials.AsNoTracking().Include(t => t.Response)
            .Where(t => t.Response != null && db.Sessions.Any(s => s.Id == t.SessionId && s.StudyVersionId == study.Version.Id)).OrderBy(t => t.Position).ToListAsync();
    }

    private async Task<Participant> BeginAsync(IBrowserContext context, TestStudy study)
    {
        var person = new Participant(await context.NewPageAsync(), server, study);
        await person.ConsentAsync();
        return person;
    }

    [Fact]
    public async Task Two_alternatives_with_own_keys_a_rating_and_a_time_limit()
    {
        var study = await server.PublishAsync(["cat", "dog"], practice: 0, mainTrials: 3, catchTrials: 0, change: design => design with
        {
            Response = new() { Format = AnswerFormat.Row, Keys = ["ArrowLeft", "ArrowRight", "ArrowDown"], DontKnow = true, ConfidenceLevels = 4, TimeLimitMs = 12_000 },
        });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(context, study);
        var page = person.Page;
        await person.StartAsync();
        await person.WaitForGridAsync();
        await page.Keyboard.PressAsync("ArrowRight");
        await page.Locator(".presenter[data-phase=rating]").WaitForAsync();
        await page.Keyboard.PressAsync("3");
        await page.Locator(".presenter:not([data-phase=rating])").WaitForAsync(new() { State = WaitForSelectorState.Attached });
        await person.WaitForGridAsync();
        await person.AnswerAsync(() => page.Keyboard.PressAsync("ArrowDown"));
        // The third is not answered.
        await person.CodeAsync();

        var answers = (await AnswersAsync(study)).Select(t => t.Response!).ToList();
        Assert.Equal([(ResponseKind.Choice, "dog", 3), (ResponseKind.DontKnow, null, null), (ResponseKind.TimedOut, null, null)], answers.Select(r => (r.Kind, r.Choice, r.Confidence)));
        Assert.True(answers[0].ConfidenceTimeMs > 0);
        Assert.Null(answers[2].ReactionTimeMs);
        Assert.Contains("\"responseDevice\":\"none\"", answers[2].TimingJson, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_alternatives_drawn_for_each_trial_are_on_the_tiles_before_it_begins()
    {
        string[] categories = ["bear", "boat", "cat", "dog", "unicorn"];
        var study = await server.PublishAsync(categories, practice: 0, mainTrials: 6, catchTrials: 0, change: design => design with
        {
            Response = new() { Format = AnswerFormat.Row, ChoicesPerTrial = 2 },
        });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(context, study);
        var page = person.Page;
        await page.GetByText("then 2 choices").WaitForAsync();
        await person.StartAsync();
        for (var n = 0; n < 6; n++)
        {
            await person.WaitForGridAsync();
            var offered = await page.Locator(".tile").EvaluateAllAsync<string[]>("tiles => tiles.map(tile => tile.dataset.choice)");
            Assert.Equal(offered, await page.Locator(".tile .label").AllInnerTextsAsync());
            // The drawing is that of the label, loaded and of a size; without one (there is no unicorn) the label stands alone.
            Assert.Equal(offered.Select(o => o == "unicorn" ? "wordy" : $"{server.Address}/icons/{o}.svg"), await page.Locator(".tile").EvaluateAllAsync<string[]>(
                "tiles => tiles.map(tile => tile.classList.contains('wordy') ? 'wordy' : tile.querySelector('img').naturalWidth > 0 ? tile.querySelector('img').src : 'not loaded')"));
            await person.AnswerAsync(() => page.Keyboard.PressAsync(n % 2 == 0 ? "f" : "j"));
        }
        await person.CodeAsync();
        var trials = await AnswersAsync(study);
        Assert.Equal(trials.Select((t, n) => t.Choices![n % 2]), trials.Select(t => t.Response!.Choice));
        Assert.Equal(3, trials.Count(t => t.Choices![0] == t.CorrectCategory));
    }

    [Fact]
    public async Task A_typed_word_completes_to_a_choice()
    {
        var study = await server.PublishAsync(practice: 0, mainTrials: 3, catchTrials: 0, change: design => design with
        {
            Response = new() { Format = AnswerFormat.Word, ExtraWords = ["catfish", "polar bear"], DontKnow = true },
        });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(context, study);
        var page = person.Page;
        await person.StartAsync();
        var field = page.GetByRole(AriaRole.Combobox);

        await person.WaitForGridAsync();
        await Assertions.Expect(field).ToBeFocusedAsync();
        await page.Keyboard.TypeAsync("CA");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["cat", "catfish"]);
        await page.Keyboard.PressAsync("ArrowDown");
        // The first press completes the word, the second gives it.
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(field).ToHaveValueAsync("catfish");
        await person.AnswerAsync(() => page.Keyboard.PressAsync("Enter"));

        // A later word counts as well; what completes to nothing is no answer.
        await person.WaitForGridAsync();
        await Assertions.Expect(field).ToBeFocusedAsync();
        var next = page.GetByRole(AriaRole.Button, new() { Name = "Next", Exact = true });
        await page.Keyboard.TypeAsync("xyz");
        await page.Keyboard.PressAsync("Enter");
        await Assertions.Expect(next).ToBeDisabledAsync();
        await field.FillAsync("be");
        await Assertions.Expect(page.GetByRole(AriaRole.Option)).ToHaveTextAsync(["bear", "polar bear"]);
        await page.GetByRole(AriaRole.Option, new() { Name = "polar bear" }).ClickAsync();
        await person.AnswerAsync(() => next.ClickAsync());

        await person.WaitForGridAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "I don't know" }).ClickAsync();
        await person.CodeAsync();
        Assert.Equal(["catfish", "polar bear", null], (await AnswersAsync(study)).Select(t => t.Response!.Choice));
    }

    [Fact]
    public async Task Who_fails_the_practice_does_it_again_and_then_the_session_ends()
    {
        var study = await server.PublishAsync(practice: 1, mainTrials: 3, change: design => design with { Practice = new() { RequiredProportion = 1, Attempts = 2 } });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(context, study);
        var page = person.Page;
        await person.StartAsync();
        // The practice stimulus shows the first category; the second is wrong.
        await person.AnswerAsync(1);
        await person.NextAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "Once more, please" }).WaitForAsync();
        await person.StartAsync();
        await person.AnswerAsync(1);
        await person.NextAsync();
        await page.GetByRole(AriaRole.Heading, new() { Name = "The study ends here" }).WaitForAsync();
        await page.GotoAsync(page.Url.Replace("/end/", "/run/", StringComparison.Ordinal));
        await page.GetByRole(AriaRole.Heading, new() { Name = "The study ends here" }).WaitForAsync();
        Assert.Equal(2, (await AnswersAsync(study)).Count);
    }

    [Fact]
    public async Task A_trial_that_was_disturbed_comes_again_at_the_end()
    {
        var study = await server.PublishAsync(practice: 0, mainTrials: 3, catchTrials: 0, change: design => design with { Display = new() { BadTrials = BadTrials.Repeat } });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(context, study);
        var page = person.Page;
        await person.StartAsync();
        await person.WaitForGridAsync();
        await page.EvaluateAsync("window.dispatchEvent(new FocusEvent('blur'))");
        for (var n = 0; n < 3; n++) await person.AnswerAsync(n);
        // On a busy machine others may be off by more than a frame as well.
        await page.GetByRole(AriaRole.Heading, new() { Name = "A few once more" }).WaitForAsync();
        await person.StartAsync();
        await person.AnswerAsync();
        while (await page.Locator("#completion-code").CountAsync() == 0)
        {
            await page.Locator(".presenter[data-phase=response]").Or(page.Locator("#completion-code")).First.WaitForAsync();
            if (await page.Locator("#completion-code").CountAsync() == 0) await person.AnswerAsync();
        }
        var answers = await AnswersAsync(study);
        Assert.Contains(answers, t => t.RepeatOf == answers[0].Id);
        Assert.Equal(TimingVerdict.Bad, TimingVerdicts.Of(System.Text.Json.JsonSerializer.Deserialize(answers[0].Response!.TimingJson, Shared.WireJson.Default.TrialTiming)!));
    }

    [Fact]
    public async Task Calibration_and_questions_come_first_and_reach_the_database()
    {
        var study = await server.PublishAsync(practice: 0, mainTrials: 1, catchTrials: 0, change: design => design with
        {
            Display = new() { SizeDegrees = 4 }, Questionnaire = new() { Before = true, Age = true, Sex = true, Vision = true, Comments = true },
        });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(context, study);
        var page = person.Page;
        await page.GetByLabel("Your age in years").FillAsync("31");
        await page.GetByLabel("Your sex").SelectOptionAsync("another");
        await page.GetByLabel("Is there anything").FillAsync("Hello");
        await page.GetByRole(AriaRole.Button, new() { Name = "Next" }).ClickAsync();

        // A card of 85.6 mm is 342 px wide here, and the dot vanishes at about 240 px: 250 mm from the screen.
        await page.GetByLabel("Width of the frame").FillAsync("342");
        await person.NextAsync();
        for (var round = 0; round < 3; round++)
        {
            await person.NextAsync("Move the dot");
            await page.GetByRole(AriaRole.Button, new() { Name = "The dot is gone" }).WaitForAsync();
            // Pressed by the page itself, in the frame in which the dot has come so far: the dot does not wait for a test on a busy machine.
            await page.EvaluateAsync("""
                () => new Promise(pressed => requestAnimationFrame(function watch() {
                  if (document.querySelector('.square').getBoundingClientRect().x - document.querySelector('.dot').getBoundingClientRect().x <= 240) {
                    requestAnimationFrame(watch);
                    return;
                  }
                  document.querySelector('.panel .buttons .button').click();
                  pressed();
                }))
                """);
        }
        await person.StartAsync();
        await person.AnswerAsync();
        await person.CodeAsync();

        await using var db = server.OpenDatabase();
        var said = await db.SessionQuestionnaires.SingleAsync(q => db.Sessions.Any(s => s.Id == q.SessionId && s.StudyVersionId == study.Version.Id));
        Assert.Equal((31, SexAnswer.Another, null, "Hello"), (said.AgeYears, said.Sex, said.Vision, said.Comments));
        var timing = System.Text.Json.JsonSerializer.Deserialize(Assert.Single(await AnswersAsync(study)).Response!.TimingJson, Shared.WireJson.Default.TrialTiming)!;
        Assert.InRange(timing.ViewingDistanceMm!.Value, 245, 350);
        Assert.Equal(4 * timing.CssPxPerDegree!.Value, timing.PictureCssPx, 0.02 * timing.PictureCssPx);
    }
}
