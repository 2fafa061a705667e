using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests;

/// <summary>What can happen to a participant in the middle: nothing that was answered is lost or asked twice, and the session goes on.</summary>
public sealed class SessionFaultTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    private const int Practice = 2, Main = 6;

    // Which choice is given at which trial: the keys that are pressed, in order.
    private static int Choice(int trial) => (trial * trial + 1) % 3;

    [Fact]
    public async Task The_server_is_killed_in_the_middle_and_started_again()
    {
        var study = await PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(await context.NewPageAsync(), study);
        await AnswerAsync(person, 0, 2);
        await StoredAsync(study, Practice + 2);

        await server.KillAsync();
        await AnswerAsync(person, 2, Main);
        await person.Page.GetByText("Answers on the way to the server: 4").WaitForAsync();
        Assert.Equal(Practice + 2, (await AnswersAsync(study)).Count);
        await server.StartAsync();

        await CompleteAsync(person, study);
    }

    [Fact]
    public async Task The_page_is_reloaded_in_the_middle()
    {
        var study = await PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(await context.NewPageAsync(), study);
        await AnswerAsync(person, 0, 3);
        await person.WaitForGridAsync();
        await person.Page.ReloadAsync();
        await person.Page.GetByText("Welcome back").WaitForAsync();
        await person.StartAsync();
        await AnswerAsync(person, 3, Main);
        await CompleteAsync(person, study);
    }

    [Fact]
    public async Task An_interrupted_picture_does_not_come_again_where_the_study_says_so()
    {
        var study = await server.PublishAsync(practice: 1, mainTrials: Main, catchTrials: 0, change: design => design with { Resume = new() { RepeatInterrupted = false } });
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(await context.NewPageAsync(), study);
        await AnswerAsync(person, 0, 3);
        await person.WaitForGridAsync();
        await person.Page.ReloadAsync();
        await person.Page.GetByText("Welcome back").WaitForAsync();
        await person.StartAsync();
        await AnswerAsync(person, 4, Main);
        await person.CodeAsync();
        var answers = await AnswersAsync(study);
        Assert.Equal(Enumerable.Range(0, Main).Select(n => n == 3 ? null : study.Design.Categories[Choice(n)]), answers.Skip(1).Select(t => t.Response!.Choice));
        Assert.Equal(PerceptionStudy.Shared.Trials.ResponseKind.Interrupted, answers[1 + 3].Response!.Kind);
        Assert.Equal(0, await person.Page.EvaluateAsync<int>("import('/outbox/outbox.js').then(outbox => outbox.all()).then(kept => kept.length)"));
    }

    [Fact]
    public async Task The_tab_is_closed_without_a_connection_and_the_next_visit_sends_what_was_left()
    {
        var study = await PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(await context.NewPageAsync(), study);
        await AnswerAsync(person, 0, 1);
        await StoredAsync(study, Practice + 1);
        await context.SetOfflineAsync(true);
        await AnswerAsync(person, 1, 3);
        await person.WaitForGridAsync();
        await person.Page.CloseAsync();
        await context.SetOfflineAsync(false);
        Assert.Equal(Practice + 1, (await AnswersAsync(study)).Count);

        // The study's link leads back to the session.
        person = new Participant(await context.NewPageAsync(), server, study);
        await person.Page.GotoAsync($"{server.Address}/s/{study.LinkKey}");
        await person.Page.GetByText("Go on", new() { Exact = true }).ClickAsync();
        await person.StartAsync();
        await StoredAsync(study, Practice + 3);
        await AnswerAsync(person, 3, Main);
        await CompleteAsync(person, study);
    }

    [Theory]
    [InlineData(null)]
    [InlineData(2)]
    public async Task Nothing_that_reaches_the_browser_tells_what_must_stay_on_the_server(int? drawnChoices)
    {
        var study = await server.PublishAsync(practice: Practice, mainTrials: Main - 2, catchTrials: 2, change: design => design with { Response = new() { ChoicesPerTrial = drawnChoices } });
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var traffic = await Traffic.RecordAsync(page);
        var person = await BeginAsync(page, study);
        for (var n = 0; n < Main; n++) await person.AnswerAsync(n % 2);
        await person.CodeAsync();

        var trials = await AnswersAsync(study);
        Assert.Equal(Practice + Main, trials.Count);
        Assert.Equal(Enumerable.Range(0, Main).Select(n => (trials[Practice + n].Choices ?? study.Design.Categories)[n % 2]), trials.Skip(Practice).Select(t => t.Response!.Choice));
        // The right choice is first in half of the trials: its place tells nothing.
        if (drawnChoices is not null) Assert.Equal(Main / 2, trials.Skip(Practice).Count(t => t.Choices![0] == t.CorrectCategory));
        Assert.Contains("\"trials\":[", traffic.TextOf($"/api/sessions/{trials[0].SessionId}"), StringComparison.Ordinal);
        traffic.AssertStimuliLookAlike(Practice + Main);
        traffic.AssertNothingToldOf(study.Secrets);
    }

    [Fact]
    public async Task A_second_tab_waits_until_the_first_is_gone()
    {
        var study = await PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(await context.NewPageAsync(), study);
        await AnswerAsync(person, 0, 2);
        await person.WaitForGridAsync();
        var second = new Participant(await context.NewPageAsync(), server, study);
        await second.Page.GotoAsync(person.Page.Url);
        await second.Page.GetByText("open in another tab").WaitForAsync();
        await person.Page.CloseAsync();
        await second.Page.GetByRole(AriaRole.Button, new() { Name = "Try again" }).ClickAsync();
        await second.StartAsync();
        await AnswerAsync(second, 2, Main);
        await CompleteAsync(second, study);
    }

    [Fact]
    public async Task Who_goes_back_to_the_first_page_goes_on_where_it_stopped()
    {
        var study = await PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = await BeginAsync(await context.NewPageAsync(), study);
        await AnswerAsync(person, 0, 3);
        await person.Page.GoBackAsync();
        await person.Page.GetByText("Go on", new() { Exact = true }).ClickAsync();
        await person.StartAsync();
        await AnswerAsync(person, 3, Main);
        await CompleteAsync(person, study);
        await using var db = server.OpenDatabase();
        Assert.Equal(1, await db.Sessions.Where(s => s.StudyVersionId == study.Version.Id).Select(s => s.Resumptions).SingleAsync());
    }

    [Fact]
    public async Task A_browser_that_keeps_nothing_is_told_before_the_consent()
    {
        var study = await PublishAsync();
        await using var context = await browser.NewContextAsync();
        await context.AddInitScriptAsync("IDBFactory.prototype.open = () => { throw new DOMException('private', 'InvalidStateError'); };");
        var page = await context.NewPageAsync();
        await page.GotoAsync($"{server.Address}/s/{study.LinkKey}");
        await page.GetByText("does not let the page keep anything").WaitForAsync();
        await Assertions.Expect(page.Locator("form")).ToHaveCountAsync(0);
    }

    [Fact]
    public async Task Who_stops_keeps_the_answers_and_who_withdraws_does_not()
    {
        foreach (var (button, title, kept) in ((string, string, int)[])[("Leave, keep my answers", "You have stopped", Practice + 2), ("Leave and delete my answers", "You have withdrawn", 0)])
        {
            var study = await PublishAsync();
            await using var context = await browser.NewContextAsync();
            var person = await BeginAsync(await context.NewPageAsync(), study);
            await AnswerAsync(person, 0, 2);
            await person.WaitForGridAsync();
            await person.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = "Leave the study" }).ClickAsync();
            await person.Page.GetByRole(Microsoft.Playwright.AriaRole.Button, new() { Name = button }).ClickAsync();
            await person.Page.GetByText(title).WaitForAsync();
            Assert.Equal(kept, (await AnswersAsync(study)).Count);
        }
    }

    [Fact]
    public async Task The_first_of_four_hundred_pictures_does_not_wait_for_the_last()
    {
        var study = await server.PublishAsync(each: 134, practice: 0, mainTrials: 400, catchTrials: 0);
        await using var context = await browser.NewContextAsync();
        var page = await context.NewPageAsync();
        var (asked, broken) = (0, 0);
        await page.RouteAsync("**/stimuli/*", async route =>
        {
            // Every eleventh picture arrives with a wrong byte, once, and every seventh fails once.
            var number = Interlocked.Increment(ref asked);
            if (number % 7 == 0)
            {
                await route.AbortAsync();
                return;
            }
            var reply = await route.FetchAsync(new() { Timeout = (float)Browser.Patience.TotalMilliseconds });
            var body = await reply.BodyAsync();
            if (number % 11 == 0)
            {
                Interlocked.Increment(ref broken);
                body[body.Length / 2] ^= 1;
            }
            await route.FulfillAsync(new() { Response = reply, BodyBytes = body });
        });
        var person = new Participant(page, server, study);
        await person.ConsentAsync();
        await person.StartAsync();
        await person.WaitForGridAsync();
        Assert.InRange(asked, 8, 60);
        for (var n = 0; n < 40; n++) await person.AnswerAsync(n % 3);
        Assert.InRange(asked, 40, 120);
        Assert.NotEqual(0, broken);
    }

    private Task<TestStudy> PublishAsync(int catchTrials = 0) => server.PublishAsync(practice: Practice, mainTrials: Main - catchTrials, catchTrials: catchTrials);

    private async Task<Participant> BeginAsync(Microsoft.Playwright.IPage page, TestStudy study)
    {
        var person = new Participant(page, server, study);
        await person.ConsentAsync();
        await person.StartAsync();
        await person.PracticeAsync();
        return person;
    }

    private static async Task AnswerAsync(Participant person, int first, int end)
    {
        for (var n = first; n < end; n++) await person.AnswerAsync(Choice(n));
    }

    private async Task CompleteAsync(Participant person, TestStudy study)
    {
        var code = await person.CodeAsync();
        await using var db = server.OpenDatabase();
        var session = await db.Sessions.SingleAsync(s => s.StudyVersionId == study.Version.Id);
        Assert.Equal((SessionState.Completed, code), (session.State, session.CompletionCode));
        var answers = await AnswersAsync(study);
        Assert.Equal(Practice + Main, answers.Count);
        Assert.Equal(Enumerable.Range(0, Main).Select(n => study.Design.Categories[Choice(n)]), answers.Skip(Practice).Select(t => t.Response!.Choice));
    }

    private async Task StoredAsync(TestStudy study, int count) =>
        Assert.Equal(count, (await Wait.UntilAsync(() => AnswersAsync(study), stored => stored.Count >= count, stored => $"{stored.Count} of {count} answers are stored.")).Count);

    /// <summary>The answered trials, in order.</summary>
    private async Task<List<Trial>> AnswersAsync(TestStudy study)
    {
        await using var db = server.OpenDatabase();
        return await db.Trials.Include(t => t.Response)
            .Where(t => t.Response != null && db.Sessions.Any(s => s.Id == t.SessionId && s.StudyVersionId == study.Version.Id)).OrderBy(t => t.Position).ToListAsync();
    }
}
