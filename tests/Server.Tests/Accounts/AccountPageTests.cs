using System.Buffers.Binary;
using System.Net;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Components.Authorization;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Accounts;

public sealed partial class AccountPageTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const string NewPassword = "staple battery horse";

    [Fact]
    public async Task A_new_password_signs_all_other_browsers_out()
    {
        await using var server = await database.UseServerAsync();
        await server.AddResearcherAsync("password@example.org");
        HttpClient here = await server.NewClient().SignInAsync("password@example.org"), elsewhere = await server.NewClient().SignInAsync("password@example.org");

        Assert.Equal(["The present password is not right."], await (await ChangeAsync("wrong wrong wrong", NewPassword)).ProblemsAsync());
        Assert.Equal(["The two new passwords differ."], await (await ChangeAsync(Forms.Password, NewPassword, "other")).ProblemsAsync());
        Assert.Contains("at least 12", (await (await ChangeAsync(Forms.Password, "short", "short")).ProblemsAsync()).Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/admin/people")).StatusCode);

        Assert.Equal(HttpStatusCode.Found, (await ChangeAsync(Forms.Password, NewPassword)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/admin/people")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync("/admin/people")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await server.NewClient().SendFormAsync("/sign-in", new() { ["Form.Email"] = "password@example.org", ["Form.Password"] = Forms.Password })).StatusCode);

        Task<HttpResponseMessage> ChangeAsync(string current, string @new, string? repeat = null) => here.SendFormAsync("/account",
            new() { ["_handler"] = "password", ["Form.Current"] = current, ["Form.New"] = @new, ["Form.Repeat"] = repeat ?? @new });
    }

    [Fact]
    public async Task A_researcher_sees_the_other_browsers_and_signs_out_of_them()
    {
        await using var server = await database.UseServerAsync();
        const string email = "browsers@example.org";
        await server.AddResearcherAsync(email);
        await server.AddResearcherAsync("neighbour@example.org");
        HttpClient here = server.NewClient(), library = server.NewClient(), neighbour = await server.NewClient().SignInAsync("neighbour@example.org");
        library.DefaultRequestHeaders.UserAgent.ParseAdd("Library/1.0");
        await library.SignInAsync(email);
        await here.SignInAsync(email);
        var page = await here.GetStringAsync("/account");
        Assert.Contains("Library/1.0", page, StringComparison.Ordinal);
        Assert.Single(EndForm().Matches(page));
        // Somebody else cannot end it, whatever form is sent.
        var form = EndForm().Match(page).Groups[1].Value;
        await neighbour.SendFormAsync("/account", new() { ["_handler"] = form });
        Assert.Equal(HttpStatusCode.OK, (await library.GetAsync("/admin/studies")).StatusCode);

        Assert.Equal(HttpStatusCode.Found, (await here.SendFormAsync("/account", new() { ["_handler"] = form })).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await library.GetAsync("/admin/studies")).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await here.GetAsync("/admin/studies")).StatusCode);
        Assert.Empty(EndForm().Matches(await here.GetStringAsync("/account")));

        // Whoever signs out leaves no browser behind in the list.
        await library.SignInAsync(email);
        Assert.Single(EndForm().Matches(await here.GetStringAsync("/account")));
        await library.SendFormAsync("/account", "/sign-out", []);
        Assert.Empty(EndForm().Matches(await here.GetStringAsync("/account")));
    }

    [Theory]
    [InlineData("password1234")]
    [InlineData("P@ssw0rdP@ssw0rd")]
    [InlineData("qwertyuiop12")]
    [InlineData("iloveyou2024")]
    [InlineData("guess-guess-guess")]
    public async Task A_password_that_everybody_tries_is_refused(string password)
    {
        await using var server = await database.UseServerAsync();
        var researchers = server.Services.CreateScope().ServiceProvider.GetRequiredService<UserManager<Researcher>>();
        var researcher = new Researcher { Id = Guid.NewGuid(), UserName = "guess@example.org", Email = "guess@example.org" };
        Assert.StartsWith("This password is among the first", (await researchers.CreateAsync(researcher, password)).Errors.Single(e => e.Code == "PasswordGuessable").Description, StringComparison.Ordinal);
    }

    [Fact]
    public async Task With_a_second_factor_the_password_alone_is_not_enough()
    {
        await using var server = await database.UseServerAsync();
        const string email = "second@example.org";
        await server.AddResearcherAsync(email);
        HttpClient me = await server.NewClient().SignInAsync(email), elsewhere = await server.NewClient().SignInAsync(email);
        // Opening the page changes nothing; to set it up, which makes a key, is a deed.
        Assert.DoesNotMatch(Key(), await me.GetStringAsync("/account/second-factor"));
        Assert.Equal(HttpStatusCode.OK, (await elsewhere.GetAsync("/admin/people")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await me.SendFormAsync("/account/second-factor", new() { ["_handler"] = "begin" })).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await elsewhere.GetAsync("/admin/people")).StatusCode);
        var page = await me.GetStringAsync("/account/second-factor");
        var key = Key().Match(page).Groups[1].Value.Replace(" ", "", StringComparison.Ordinal);
        Assert.Contains("<svg", page, StringComparison.Ordinal);

        Assert.Contains("not the code", (await (await me.SendFormAsync("/account/second-factor", new() { ["_handler"] = "on", ["On.Code"] = "000000" })).ProblemsAsync()).Single(), StringComparison.Ordinal);
        var on = await (await me.SendFormAsync("/account/second-factor", new() { ["_handler"] = "on", ["On.Code"] = Code(key) })).Content.ReadAsStringAsync();
        var recovery = RecoveryCode().Matches(on).Select(m => m.Groups[1].Value).ToArray();
        Assert.Equal(10, recovery.Distinct().Count());

        var browser = server.NewClient();
        Assert.StartsWith("/sign-in/code", await PasswordAsync(browser), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/admin/people")).StatusCode);
        Assert.Contains("not right", (await (await CodeAsync(browser, "000000")).ProblemsAsync()).Single(), StringComparison.Ordinal);
        Assert.Equal(HttpStatusCode.Found, (await CodeAsync(browser, Code(key))).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync("/admin/people")).StatusCode);

        var withoutPhone = server.NewClient();
        await PasswordAsync(withoutPhone);
        Assert.Equal(HttpStatusCode.Found, (await CodeAsync(withoutPhone, recovery[3])).StatusCode);
        var again = server.NewClient();
        await PasswordAsync(again);
        Assert.Contains("not right", (await (await CodeAsync(again, recovery[3])).ProblemsAsync()).Single(), StringComparison.Ordinal);

        Assert.Equal(HttpStatusCode.Found, (await withoutPhone.SendFormAsync("/account/second-factor", new() { ["_handler"] = "off", ["Off.Password"] = Forms.Password })).StatusCode);
        Assert.Equal("/admin", await PasswordAsync(server.NewClient()));

        async Task<string> PasswordAsync(HttpClient client)
        {
            var location = (await client.SendFormAsync("/sign-in", new() { ["Form.Email"] = email, ["Form.Password"] = Forms.Password })).Headers.Location!;
            return location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString;
        }

        Task<HttpResponseMessage> CodeAsync(HttpClient client, string code) => client.SendFormAsync("/sign-in/code", new() { ["Form.Code"] = code });
    }

    [Fact]
    public async Task A_closed_account_ends_at_once_and_the_last_administrator_stays()
    {
        await using var server = await database.UseServerAsync();
        var administration = server.Services.GetRequiredService<Administration>();
        var last = await server.AddResearcherAsync("last@example.org", isAdministrator: true);
        var closed = await server.AddResearcherAsync("closed@example.org");
        var browser = await server.NewClient().SignInAsync("closed@example.org");
        await new Actor(last, "last@example.org").DoAsync(() => administration.DeactivateAsync(closed));

        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync("/admin/people")).StatusCode);
        var refused = await server.NewClient().SendFormAsync("/sign-in", new() { ["Form.Email"] = "closed@example.org", ["Form.Password"] = Forms.Password });
        Assert.Contains("This account was closed", (await refused.ProblemsAsync()).Single(), StringComparison.Ordinal);
        await Assert.ThrowsAsync<RefusedException>(() => new Actor(closed, "closed@example.org").DoAsync(() => administration.ReactivateAsync(closed)));
        await using var db = server.OpenDatabase();
        foreach (var other in db.Users.Where(u => u.IsAdministrator && u.Id != last).Select(u => u.Id).ToList()) await administration.SetAdministratorAsync(other, false);
        await Assert.ThrowsAsync<RefusedException>(() => administration.DeactivateAsync(last));
        await Assert.ThrowsAsync<RefusedException>(() => administration.SetAdministratorAsync(last, false));
        await administration.ReactivateAsync(closed);
        await server.NewClient().SignInAsync("closed@example.org");
    }

    [Fact]
    public async Task Pages_that_are_open_look_again_whether_they_may()
    {
        await using var server = await database.UseServerAsync();
        await using var scope = server.Services.CreateAsyncScope();
        Assert.Equal("SignedInStill", scope.ServiceProvider.GetRequiredService<AuthenticationStateProvider>().GetType().Name);
    }

    // RFC 6238 with the defaults of authenticator apps: HMAC-SHA-1, 30 s, six digits.
    private static string Code(string base32)
    {
        var bits = string.Concat(base32.ToUpperInvariant().Select(c => Convert.ToString("ABCDEFGHIJKLMNOPQRSTUVWXYZ234567".IndexOf(c, StringComparison.Ordinal), 2).PadLeft(5, '0')));
        byte[] key = [.. Enumerable.Range(0, bits.Length / 8).Select(i => Convert.ToByte(bits.Substring(8 * i, 8), 2))];
        var step = new byte[8];
        BinaryPrimitives.WriteInt64BigEndian(step, TimeProvider.System.GetUtcNow().ToUnixTimeSeconds() / 30);
#pragma warning disable CA5350 // The standard asks for it.
        var hash = HMACSHA1.HashData(key, step);
#pragma warning restore CA5350
        var number = BinaryPrimitives.ReadInt32BigEndian(hash.AsSpan(hash[^1] & 15)) & int.MaxValue;
        return $"{number % 1_000_000:D6}";
    }

    [GeneratedRegex("""<span class="key">([^<]+)</span>""")]
    private static partial Regex Key();

    [GeneratedRegex("value=\"(end-[^\"]+)\"")]
    private static partial Regex EndForm();

    [GeneratedRegex("<li>([A-Z0-9-]{11})</li>")]
    private static partial Regex RecoveryCode();
}
