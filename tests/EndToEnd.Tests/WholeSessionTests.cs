using Microsoft.EntityFrameworkCore;
using Microsoft.Playwright;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Participation;

namespace PerceptionStudy.EndToEnd.Tests;

public sealed class WholeSessionTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    [Fact]
    public async Task A_study_from_consent_to_completion_code_by_key_presses()
    {
        var study = await server.PublishAsync();
        await using var context = await browser.NewContextAsync();
        var person = new Participant(await context.NewPageAsync(), server, study);
        await person.ConsentAsync();
        await person.StartAsync();
        await person.PracticeAsync();
        for (var n = 0; n < person.MainTrials; n++) await person.AnswerAsync(n % 3);
        var code = await person.CodeAsync();

        await using var db = server.OpenDatabase();
        var session = await db.Sessions.Include(s => s.Trials).ThenInclude(t => t.Response)
            .SingleAsync(s => s.StudyVersionId == study.Version.Id);
        Assert.Equal((SessionState.Completed, code), (session.State, session.CompletionCode));
        var trials = session.Trials.OrderBy(t => t.Position).ToList();
        Assert.All(trials, t => Assert.Equal(t.Response!.Choice == t.CorrectCategory, t.Response.Correct));
        Assert.All(trials, t => Assert.InRange(t.Response!.ReactionTimeMs!.Value, 0.1, 60_000));
        // The keys pressed, in order: practice 0, 1, then main 0, 1, 2, 0, …
        int[] pressed = [0, 1, 0, 1, 2, 0, 1, 2, 0];
        Assert.Equal(pressed.Select(k => study.Design.Categories[k]), trials.Select(t => t.Response!.Choice));
    }
}
