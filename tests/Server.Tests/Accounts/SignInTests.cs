using System.Net;
using System.Reflection;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Accounts;

public sealed class SignInTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Every_admin_address_asks_for_an_account()
    {
        await using var server = await database.UseServerAsync();
        var routes = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => ((e.RoutePattern.RawText ?? "").TrimStart('/') + '/').StartsWith("admin/", StringComparison.Ordinal)).ToArray();
        Assert.Contains(routes, r => r.RoutePattern.RawText == "/admin/people");
        Assert.All(routes, r => Assert.True(r.Metadata.GetMetadata<IAuthorizeData>() is not null && r.Metadata.GetMetadata<IAllowAnonymous>() is null,
            $"{r.RoutePattern.RawText} can be seen without an account: add [Authorize] or RequireAuthorization()."));

        // What the metadata promise, seen from outside.
        var pages = typeof(ServerHost).Assembly.GetTypes().SelectMany(t => t.GetCustomAttributes<RouteAttribute>()).Select(r => r.Template)
            .Where(t => t.StartsWith("/admin", StringComparison.Ordinal)).ToArray();
        Assert.NotEmpty(pages);
        foreach (var page in pages)
        {
            var address = string.Join('/', page.Split('/').Select(part => part.Contains('{') ? part.Contains(":int") ? "1" : Guid.Empty.ToString() : part));
            var answer = await server.Client.GetAsync(address);
            Assert.True(answer.StatusCode == HttpStatusCode.Found, $"{address} answered {answer.StatusCode} to a stranger.");
            Assert.Equal("/sign-in", answer.Headers.Location!.AbsolutePath);
        }
    }

    [Fact]
    public async Task Signing_in_leads_back_and_signing_out_ends_it()
    {
        await using var server = await database.UseServerAsync();
        var client = await server.SignInAsync("back@example.org");
        Assert.Equal(HttpStatusCode.OK, (await client.GetAsync("/admin/people")).StatusCode);

        Assert.Equal(HttpStatusCode.BadRequest, (await client.PostAsync("/sign-out", new FormUrlEncodedContent([]))).StatusCode);
        var fields = new Dictionary<string, string> { ["__RequestVerificationToken"] = TokenIn(await client.GetStringAsync("/sign-in")) };
        Assert.Equal("/sign-in", (await client.PostAsync("/sign-out", new FormUrlEncodedContent(fields))).Headers.Location!.OriginalString);
        Assert.Equal(HttpStatusCode.Found, (await client.GetAsync("/admin/people")).StatusCode);
    }

    [Theory]
    [InlineData("/admin/people", "/admin/people")]
    [InlineData("//elsewhere.example", "/admin")]
    [InlineData("/\\elsewhere.example", "/admin")]
    [InlineData("https://elsewhere.example", "/admin")]
    public async Task It_leads_only_to_pages_of_this_server(string asked, string reached)
    {
        await using var server = await database.UseServerAsync();
        await server.SignInAsync("local@example.org");
        var answer = await server.NewClient().SendFormAsync("/sign-in?ReturnUrl=" + Uri.EscapeDataString(asked),
            new() { ["Form.Email"] = "local@example.org", ["Form.Password"] = Forms.Password });
        var location = answer.Headers.Location!;
        Assert.Equal(reached, location.IsAbsoluteUri ? location.PathAndQuery : location.OriginalString);
        Assert.True(!location.IsAbsoluteUri || location.Host == "127.0.0.1");
    }

    [Fact]
    public async Task Five_wrong_passwords_close_the_account_for_a_while()
    {
        await using var server = await database.UseServerAsync();
        await server.SignInAsync("closed@example.org");
        var stranger = server.NewClient();
        for (var i = 0; i < 4; i++)
            Assert.Contains("do not fit together", (await (await TryAsync("wrong wrong wrong")).ProblemsAsync()).Single());
        Assert.Contains("closed for ten minutes", (await (await TryAsync("wrong wrong wrong")).ProblemsAsync()).Single());
        Assert.Contains("closed for ten minutes", (await (await TryAsync(Forms.Password)).ProblemsAsync()).Single());

        Task<HttpResponseMessage> TryAsync(string password) =>
            stranger.SendFormAsync("/sign-in", new() { ["Form.Email"] = "closed@example.org", ["Form.Password"] = password });
    }

    [Fact]
    public async Task The_console_says_where_the_server_is_and_how_the_first_researcher_gets_in()
    {
        await using var app = ServerHost.Build(["--urls=http://127.0.0.1:0", "--Demo=false", "--Logging:LogLevel:Default=Warning", $"--DataFolder={Directory.CreateTempSubdirectory("perception-study-").FullName}"]);
        await PerceptionStudy.Server.Data.DatabaseSetup.MigrateStudyDbAsync(app.Services);
        await app.StartAsync();
        var console = new StringWriter();
        await ServeCommand.AnnounceAsync(app, console, CancellationToken.None);
        var lines = console.ToString().Trim().Split(Environment.NewLine);
        Assert.Equal("PerceptionStudy is at " + app.Urls.Single(), lines[0]);
        Assert.Equal(3, lines.Length);
        using var client = new HttpClient();
        Assert.Contains("<form", await client.GetStringAsync(lines[2]));
        await app.StopAsync();
    }

    private static string TokenIn(string html)
    {
        const string before = "name=\"__RequestVerificationToken\" value=\"";
        var start = html.IndexOf(before, StringComparison.Ordinal) + before.Length;
        return html[start..html.IndexOf('"', start)];
    }
}
