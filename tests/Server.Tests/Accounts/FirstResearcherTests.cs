using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Accounts;

public abstract class FirstResearcherTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task From_the_token_on_the_console_to_signed_in()
    {
        await using var server = await database.StartServerAsync();
        await server.EmptyAccountsAsync();
        var token = await InviteAsync(server);
        var page = "/set-up?token=" + token;

        Assert.Equal(["The two passwords differ."], await (await server.Client.SendFormAsync(page, Form("a@example.org", Forms.Password, "other"))).ProblemsAsync());
        Assert.Contains("at least 12", (await (await server.Client.SendFormAsync(page, Form("a@example.org", "short", "short"))).ProblemsAsync()).Single());
        Assert.Equal(["Please write your e-mail address."], await (await server.Client.SendFormAsync(page, Form("nobody", Forms.Password))).ProblemsAsync());

        var made = await server.Client.SendFormAsync(page, Form("a@example.org", Forms.Password));
        Assert.Equal(HttpStatusCode.Found, made.StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/admin")).StatusCode);

        var again = await server.NewClient().GetStringAsync(page);
        Assert.Contains("This link is not good", again);
        Assert.DoesNotContain("<form", again);
        Assert.Null(await TryInviteAsync(server));
    }

    [Fact]
    public async Task A_wrong_token_makes_no_account_and_says_what_to_do()
    {
        await using var server = await database.StartServerAsync();
        await server.EmptyAccountsAsync();
        var token = await InviteAsync(server);
        var html = await server.Client.GetStringAsync("/set-up?token=" + token[..^1] + (token[^1] == '0' ? '1' : '0'));
        Assert.Contains("Use the link that the server printed", html);

        // A form that was open with the right token, sent with a wrong one.
        var fields = Form("b@example.org", Forms.Password);
        fields["Form.Token"] = "wrong";
        var answer = await server.Client.SendFormAsync("/set-up?token=" + token, fields);
        Assert.Contains("This link is not good", (await answer.ProblemsAsync()).Single());
        await using var db = server.OpenDatabase();
        Assert.Empty(await db.Users.ToListAsync());
    }

    [Fact]
    public async Task Of_two_people_with_the_same_token_one_gets_the_account()
    {
        await using var server = await database.StartServerAsync();
        await server.EmptyAccountsAsync();
        var page = "/set-up?token=" + await InviteAsync(server);

        var people = Enumerable.Range(0, 4).Select(i => (Browser: server.NewClient(), Fields: Form($"p{i}@example.org", Forms.Password))).ToArray();
        // All have the form before anybody sends it: who comes later gets none.
        foreach (var (browser, fields) in people) await browser.OpenFormAsync(page, fields);
        var answers = await Task.WhenAll(people.Select(p => p.Browser.PostAsync(page, new FormUrlEncodedContent(p.Fields))));

        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.Found);
        Assert.All(answers.Where(a => a.StatusCode != HttpStatusCode.Found), a => Assert.Equal(HttpStatusCode.OK, a.StatusCode));
        await using var db = server.OpenDatabase();
        Assert.Equal(1, await db.Users.CountAsync());
    }

    [Fact]
    public async Task Tokens_of_earlier_starts_end_with_the_first_account()
    {
        await using var server = await database.StartServerAsync();
        await server.EmptyAccountsAsync();
        var earlier = await InviteAsync(server);
        var latest = await InviteAsync(server);
        Assert.Equal(HttpStatusCode.Found, (await server.Client.SendFormAsync("/set-up?token=" + latest, Form("c@example.org", Forms.Password))).StatusCode);
        Assert.Contains("This link is not good", await server.NewClient().GetStringAsync("/set-up?token=" + earlier));
    }

    [Fact]
    public async Task A_colleague_joins_by_an_invitation()
    {
        await using var server = await database.StartServerAsync();
        await server.SignInAsync();
        string token;
        await using (var scope = server.Services.CreateAsyncScope())
            token = await scope.ServiceProvider.GetRequiredService<Invitations>().InviteColleagueAsync();
        var colleague = server.NewClient();
        Assert.Equal(HttpStatusCode.Found, (await colleague.SendFormAsync("/join?token=" + token, Form("colleague@example.org", Forms.Password))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/admin/people")).StatusCode);
        Assert.Contains("This link is not good", await server.NewClient().GetStringAsync("/join?token=" + token));
    }

    private static Dictionary<string, string> Form(string email, string password, string? repeat = null) =>
        new() { ["Form.Email"] = email, ["Form.Password"] = password, ["Form.Repeat"] = repeat ?? password };

    private static async Task<string> InviteAsync(RunningServer server) => Assert.IsType<string>(await TryInviteAsync(server));

    private static async Task<string?> TryInviteAsync(RunningServer server)
    {
        await using var scope = server.Services.CreateAsyncScope();
        return await scope.ServiceProvider.GetRequiredService<Invitations>().InviteFirstResearcherAsync();
    }
}

public sealed class FirstResearcherOnSqliteTests(SqliteDatabase database) : FirstResearcherTests(database), IClassFixture<SqliteDatabase>;

public sealed class FirstResearcherOnPostgresTests(PostgresDatabase database) : FirstResearcherTests(database), IClassFixture<PostgresDatabase>;

file static class AccountsOf
{
    public static async Task EmptyAccountsAsync(this RunningServer server)
    {
        await using var db = server.OpenDatabase();
        await db.Users.Unaudited("a test begins anew").ExecuteDeleteAsync();
        await db.Invitations.Unaudited("a test begins anew").ExecuteDeleteAsync();
    }
}
