using System.Net;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Operation.Web;

public sealed class SecurityHeadersTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Theory]
    [InlineData("/")]
    [InlineData("/sign-in")]
    [InlineData("/s/nowhere")]
    [InlineData("/participant.css")]
    [InlineData("/nowhere/at/all")]
    [InlineData("/api/v1/me")]
    [InlineData("/admin/models")]
    [InlineData("/stimuli/nothing")]
    public async Task Every_answer_says_how_to_treat_it(string address)
    {
        await using var server = await database.UseServerAsync();
        var answer = await server.Client.GetAsync(address);
        var policy = answer.Headers.GetValues("Content-Security-Policy").Single();
        foreach (var part in (string[])["default-src 'none'", "frame-ancestors 'none'", "base-uri 'self'", "form-action 'self'"]) Assert.Contains(part, policy, StringComparison.Ordinal);
        Assert.DoesNotContain("unsafe-inline", policy, StringComparison.Ordinal);
        Assert.DoesNotContain("'unsafe-eval'", policy, StringComparison.Ordinal);
        Assert.Equal("nosniff", answer.Headers.GetValues("X-Content-Type-Options").Single());
        Assert.Equal("no-referrer", answer.Headers.GetValues("Referrer-Policy").Single());
        Assert.Equal("same-origin", answer.Headers.GetValues("Cross-Origin-Opener-Policy").Single());
        Assert.False(answer.Headers.Contains("Server"), "It names the web server.");
    }

    [Fact]
    public async Task A_nonce_is_good_for_one_answer()
    {
        await using var server = await database.UseServerAsync();
        var client = await server.SignInAsync();
        var nonces = new HashSet<string>();
        for (var n = 0; n < 3; n++)
        {
            var policy = (await client.GetAsync("/admin")).Headers.GetValues("Content-Security-Policy").Single();
            nonces.Add(System.Text.RegularExpressions.Regex.Match(policy, "'nonce-([^']+)'").Groups[1].Value);
        }
        Assert.Equal(3, nonces.Count);
        Assert.All(nonces, nonce => Assert.Equal(16, Convert.FromBase64String(nonce).Length));
    }

    [Fact]
    public async Task Cookies_are_for_this_site_and_over_https_for_nothing_else()
    {
        await using var server = await database.UseServerAsync();
        await server.AddResearcherAsync("cookies@example.org");
        // A proxy on this machine says that the browser came by https.
        using var browser = server.NewClient();
        browser.DefaultRequestHeaders.Add("X-Forwarded-Proto", "https");
        var page = await browser.GetAsync("/sign-in");
        var html = await page.Content.ReadAsStringAsync();
        using var form = new HttpRequestMessage(HttpMethod.Post, "/sign-in")
        {
            Content = new FormUrlEncodedContent([.. Forms.HiddenFieldsOf(html), new("Form.Email", "cookies@example.org"), new("Form.Password", Forms.Password)]),
        };
        // A client that sees http would keep the cookies to itself, as it should.
        form.Headers.Add("Cookie", page.Headers.GetValues("Set-Cookie").Select(c => c.Split(';')[0]));
        var signedIn = await browser.SendAsync(form);
        Assert.Equal(HttpStatusCode.Found, signedIn.StatusCode);
        var cookies = page.Headers.GetValues("Set-Cookie").Concat(signedIn.Headers.GetValues("Set-Cookie")).ToList();
        Assert.Contains(cookies, c => c.StartsWith("researcher=", StringComparison.Ordinal));
        Assert.All(cookies, cookie =>
        {
            Assert.Contains("httponly", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Contains("secure", cookie, StringComparison.OrdinalIgnoreCase);
            Assert.Matches("(?i)samesite=(lax|strict)", cookie);
        });
    }

    [Fact]
    public async Task Over_https_the_browser_is_told_to_stay_there_for_a_year()
    {
        await using var server = await database.UseServerAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, "/") { Headers = { { "X-Forwarded-Proto", "https" } } };
        // Never for 127.0.0.1, which belongs to everybody.
        request.Headers.Host = "study.example.org";
        Assert.Equal("max-age=31536000", (await server.Client.SendAsync(request)).Headers.GetValues("Strict-Transport-Security").Single());
        Assert.False((await server.Client.GetAsync("/")).Headers.Contains("Strict-Transport-Security"));
    }
}
