using Microsoft.Playwright;

namespace PerceptionStudy.EndToEnd.Tests.Operation;

/// <summary>A whole session under the content security policy: it stops nothing of ours, and no page complains.</summary>
public sealed class SessionPolicyTests(Browser browser, ServerProcess server) : IClassFixture<ServerProcess>
{
    private readonly Complaints complaints = new();

    [Fact]
    public async Task A_session_from_consent_to_withdrawal()
    {
        var study = await server.PublishAsync(practice: 1, mainTrials: 3, catchTrials: 0, change: design => design with
        {
            Display = new() { SizeDegrees = 3, MaySkipCalibration = true },
            Response = new() { DontKnow = true, ConfidenceLevels = 5 },
            Questionnaire = new() { Age = true, Sex = true, Vision = true, Comments = true },
        });
        await using var context = await complaints.ListenAsync(await browser.NewContextAsync(1440, 900));
        var page = await context.NewPageAsync();
        var person = new Participant(page, server, study);
        await person.ConsentAsync();
        await page.GetByRole(AriaRole.Button).First.WaitForAsync();
        await page.Locator("input.slider").FillAsync("400");
        Assert.Equal("400px", await page.Locator(".bank-card").EvaluateAsync<string>("e => e.style.width"));
        await page.GetByRole(AriaRole.Button).First.ClickAsync();
        await page.GetByRole(AriaRole.Button, new() { Name = "Skip" }).ClickAsync();
        await person.StartAsync();
        for (var n = 0; n < 4; n++)
        {
            await person.AnswerAsync();
            await page.Locator(".presenter[data-phase=rating]").WaitForAsync();
            await page.Keyboard.PressAsync("3");
            if (n > 0) continue;
            await person.NextAsync();
            await person.NextAsync("Start");
        }
        await page.Locator("#age").WaitForAsync();
        await page.Locator("form button, .panel button").Last.ClickAsync();
        await person.CodeAsync();
        var code = await page.Locator("#withdraw-code").InnerTextAsync();
        await page.GotoAsync(server.Address + "/withdraw");
        await page.GetByRole(AriaRole.Textbox).FillAsync(code);
        await page.GetByRole(AriaRole.Button, new() { Name = "Withdraw" }).ClickAsync();
        await page.Locator("#withdrawn").WaitForAsync();
        Assert.True(!complaints.Heard.Any(), string.Join("\n", complaints.Heard));
    }
}
