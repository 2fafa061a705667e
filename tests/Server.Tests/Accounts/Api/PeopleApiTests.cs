using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Accounts.Api;

/// <summary>Accounts, invitations and tokens by a program: what the pages of people and tokens do, under the same rights.</summary>
public sealed class PeopleApiTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Accounts_are_seen_by_all_and_changed_by_administrators()
    {
        await using var server = await database.UseServerAsync();
        HttpClient administrator = await server.ProgramOfAsync("chief@people.example.org", isAdministrator: true), researcher = await server.ProgramOfAsync("other@people.example.org");
        var third = await server.AddResearcherAsync("third@people.example.org");
        var ofThird = await server.ProgramOfAsync("third@people.example.org");

        // A page at a time, everybody sees everybody.
        var seen = new List<JsonElement>();
        for (string? after = ""; after is not null;)
        {
            var page = await researcher.GetFromJsonAsync<JsonElement>($"/api/v1/people?limit=1{(after.Length > 0 ? "&after=" + after : "")}");
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            after = page.GetProperty("next").GetString();
        }
        Assert.Equal(["chief@people.example.org True", "other@people.example.org False", "third@people.example.org False"],
            seen.Select(p => $"{p.GetProperty("email").GetString()} {p.GetProperty("isAdministrator").GetBoolean()}").Where(p => p.Split('@')[0] is "chief" or "other" or "third"));

        (string What, Func<HttpClient, Task<HttpResponseMessage>> Try)[] deeds =
        [
            ("invite", c => c.PostAsJsonAsync("/api/v1/people/invitations", new { asAdministrator = true })),
            ("make an administrator", c => c.PutAsJsonAsync($"/api/v1/people/{third}/administrator", new { isAdministrator = true })),
            ("make a researcher", c => c.PutAsJsonAsync($"/api/v1/people/{third}/administrator", new { isAdministrator = false })),
            ("close", c => c.PostAsync($"/api/v1/people/{third}/close", null)),
            ("open", c => c.PostAsync($"/api/v1/people/{third}/open", null)),
        ];
        foreach (var (what, attempt) in deeds)
        {
            var refused = await attempt(researcher);
            Assert.True(refused.StatusCode == HttpStatusCode.Forbidden, $"{what}: {refused.StatusCode}");
            Assert.Contains("Only an administrator", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            var done = await attempt(administrator);
            Assert.True(done.IsSuccessStatusCode, $"{what}: {done.StatusCode} {await done.Content.ReadAsStringAsync()}");
            Assert.Equal(what == "close" ? HttpStatusCode.Unauthorized : HttpStatusCode.OK, (await ofThird.GetAsync("/api/v1/me")).StatusCode);
        }
        Assert.Equal(HttpStatusCode.NotFound, (await administrator.PostAsync($"/api/v1/people/{Guid.NewGuid()}/close", null)).StatusCode);
    }

    [Fact]
    public async Task Invitations_of_a_program_make_accounts_and_members()
    {
        await using var server = await database.UseServerAsync();
        var program = await server.ProgramOfAsync("inviting@people.example.org", isAdministrator: true);
        var colleague = await JoinAsync(await program.PostAsJsonAsync("/api/v1/people/invitations", new { asAdministrator = true }), "new-chief@people.example.org");
        Assert.Equal(HttpStatusCode.OK, (await colleague.GetAsync("/admin/audit")).StatusCode);

        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var analyst = await JoinAsync(await program.PostAsJsonAsync($"/api/v1/studies/{study.Id}/members/invitations", new { role = "analyst" }), "new-analyst@people.example.org");
        Assert.Equal(HttpStatusCode.OK, (await analyst.GetAsync($"/admin/studies/{study.Id}/results")).StatusCode);
        Assert.Equal("/no-access", (await analyst.GetAsync($"/admin/studies/{study.Id}/invite")).Headers.Location!.AbsolutePath);
        Assert.Contains(await server.Services.GetRequiredService<StudyMembers>().ListAsync(study.Id), m => m is { Email: "new-analyst@people.example.org", Role: StudyRole.Analyst });

        async Task<HttpClient> JoinAsync(HttpResponseMessage invited, string email)
        {
            var invitation = await invited.Content.ReadFromJsonAsync<JsonElement>();
            Assert.InRange(invitation.GetProperty("endsAt").GetDateTimeOffset() - TimeProvider.System.GetUtcNow(), TimeSpan.FromDays(6.9), TimeSpan.FromDays(7));
            var link = new Uri(invitation.GetProperty("link").GetString()!);
            Assert.Equal(server.Address.Authority, link.Authority);
            var browser = server.NewClient();
            Assert.Equal(HttpStatusCode.Found, (await browser.SendFormAsync(link.PathAndQuery, new() { ["Form.Email"] = email, ["Form.Password"] = Forms.Password, ["Form.Repeat"] = Forms.Password })).StatusCode);
            return browser;
        }
    }

    [Fact]
    public async Task A_program_lists_and_revokes_the_tokens_of_its_owner_only()
    {
        await using var server = await database.UseServerAsync();
        HttpClient one = await server.ProgramOfAsync("tokens@people.example.org"), two = await server.ProgramOfAsync("tokens@people.example.org", TokenScopes.Read), stranger = await server.ProgramOfAsync("stranger@people.example.org");
        var tokens = (await one.GetFromJsonAsync<JsonElement>("/api/v1/tokens")).GetProperty("items").EnumerateArray().ToArray();
        Assert.Equal([5, 1], tokens.Select(t => t.GetProperty("scopes").GetArrayLength()));
        Assert.Equal("read", tokens[1].GetProperty("scopes")[0].GetString());
        Assert.DoesNotContain("tokenSha256", tokens[0].EnumerateObject().Select(p => p.Name));

        var second = $"/api/v1/tokens/{tokens[1].GetProperty("id").GetString()}";
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.DeleteAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await two.GetAsync("/api/v1/me")).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await one.DeleteAsync(second)).StatusCode);
        Assert.Equal(HttpStatusCode.Unauthorized, (await two.GetAsync("/api/v1/me")).StatusCode);
        Assert.Equal(JsonValueKind.String, (await one.GetFromJsonAsync<JsonElement>("/api/v1/tokens")).GetProperty("items")[1].GetProperty("revokedAt").ValueKind);
    }
}
