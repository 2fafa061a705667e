using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Accounts.Api;

public abstract partial class ApiV1Tests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Every_address_asks_for_a_token_and_says_what_it_has_to_be_good_for()
    {
        await using var server = await database.UseServerAsync();
        var addresses = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal)).ToArray();
        Assert.True(addresses.Length > 40, $"{addresses.Length} addresses");
        HttpClient administering = await server.ProgramOfAsync("useless@example.org", TokenScopes.Administer);
        HttpClient others = await server.ProgramOfAsync("useless@example.org", TokenScopes.Read | TokenScopes.Design | TokenScopes.Run | TokenScopes.Analyse);
        var stranger = server.NewClient();
        var signedIn = await server.SignInAsync();
        foreach (var address in addresses)
        {
            var path = Parameter().Replace(address.RoutePattern.RawText!, p => p.Value.Contains(":int", StringComparison.Ordinal) ? "1" : Guid.Empty.ToString());
            var method = new HttpMethod(address.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0]);
            var refused = await stranger.SendAsync(new HttpRequestMessage(method, path));
            Assert.True(refused.StatusCode == HttpStatusCode.Unauthorized, $"{method} {path} answered {refused.StatusCode} to a stranger.");
            // The answer to HEAD has no body.
            if (method != HttpMethod.Head) Assert.Contains("Bearer TOKEN", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
            // A cookie is no token: another site could make a browser send it.
            Assert.Equal(HttpStatusCode.Unauthorized, (await signedIn.SendAsync(new HttpRequestMessage(method, path))).StatusCode);
            if (path == "/api/v1/me") continue;
            var forAdministration = path.StartsWith("/api/v1/audit", StringComparison.Ordinal) || path.StartsWith("/api/v1/tokens", StringComparison.Ordinal)
                || (method != HttpMethod.Get && (path.Contains("/members", StringComparison.Ordinal) || path.StartsWith("/api/v1/people", StringComparison.Ordinal)));
            var noScope = await (forAdministration ? others : administering).SendAsync(new HttpRequestMessage(method, path));
            Assert.True(noScope.StatusCode == HttpStatusCode.Forbidden, $"{method} {path} answered {noScope.StatusCode} to a token that is not for it.");
            if (method != HttpMethod.Head) Assert.Contains("has not the scope", await noScope.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task A_token_ends_when_it_is_revoked_expires_or_its_owner_is_gone()
    {
        await using var server = await database.UseServerAsync();
        await server.SignInAsync();
        var email = $"leaver-{Guid.NewGuid():N}@example.org";
        HttpClient revoked = await server.ProgramOfAsync(email), expired = await server.ProgramOfAsync(email), orphaned = await server.ProgramOfAsync(email);
        foreach (var program in (HttpClient[])[revoked, expired, orphaned]) Assert.Equal(HttpStatusCode.OK, (await program.GetAsync("/api/v1/me")).StatusCode);
        var owner = await server.AddResearcherAsync(email);
        var tokens = await server.Services.GetRequiredService<ApiTokens>().ListAsync(owner);
        Assert.All(tokens, t => Assert.NotNull(t.LastUsedAt));

        // Newest first: the last is the first that was made.
        await new Actor(owner, email).DoAsync(() => server.Services.GetRequiredService<ApiTokens>().RevokeAsync(tokens[2].Id));
        await using (var db = server.OpenDatabase())
            await db.ApiTokens.Where(t => t.Id == tokens[1].Id).Unaudited("a test").ExecuteUpdateAsync(t => t.SetProperty(x => x.ExpiresAt, TimeProvider.System.GetUtcNow().AddMinutes(-1)));
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.OK], await StatusAsync());
        await server.Services.GetRequiredService<Administration>().DeactivateAsync(owner);
        Assert.Equal([HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized, HttpStatusCode.Unauthorized], await StatusAsync());

        async Task<HttpStatusCode[]> StatusAsync() => [.. (await Task.WhenAll(new[] { revoked, expired, orphaned }.Select(p => p.GetAsync("/api/v1/me")))).Select(a => a.StatusCode)];
    }

    [Fact]
    public async Task Lists_come_in_pages_whose_cursor_stays_good_while_rows_come_and_go()
    {
        await using var server = await database.UseServerAsync();
        var program = await server.ProgramOfAsync("pages@example.org");
        var mark = Guid.NewGuid().ToString("N");
        for (var n = 0; n < 7; n++) Assert.Equal(HttpStatusCode.Created, (await program.PostAsJsonAsync("/api/v1/stimulus-sets", new { name = $"{mark} {n}" })).StatusCode);

        var seen = new List<string>();
        string? after = null;
        do
        {
            var page = (await program.GetFromJsonAsync<JsonElement>($"/api/v1/stimulus-sets?limit=3{(after is null ? "" : $"&after={after}")}"));
            Assert.InRange(page.GetProperty("items").GetArrayLength(), 1, 3);
            seen.AddRange(page.GetProperty("items").EnumerateArray().Select(s => s.GetProperty("name").GetString()!));
            after = page.GetProperty("next").GetString();
            // What has been seen goes, and something new comes: nothing is seen twice or left out.
            if (seen.Count == 3) await program.PostAsJsonAsync("/api/v1/stimulus-sets", new { name = $"{mark} 7" });
            if (seen.FirstOrDefault(s => s == $"{mark} 0") is not null)
            {
                await using var db = server.OpenDatabase();
                if (await db.StimulusSets.FirstOrDefaultAsync(s => s.Name == $"{mark} 0") is { } gone) await program.DeleteAsync($"/api/v1/stimulus-sets/{gone.Id}");
            }
        }
        while (after is not null);
        Assert.Equal(Enumerable.Range(0, 8).Select(n => $"{mark} {n}"), seen.Where(s => s.StartsWith(mark, StringComparison.Ordinal)));

        foreach (var wrong in (string[])["limit=0", "limit=201", "after=nonsense"])
        {
            var refused = await program.GetAsync("/api/v1/stimulus-sets?" + wrong);
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Equal("application/problem+json", refused.Content.Headers.ContentType!.MediaType);
        }
    }

    [Fact]
    public async Task Of_two_researchers_who_change_the_same_draft_the_second_is_told_who_was_first()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        HttpClient ann = await server.ProgramOfAsync("ann@example.org", isAdministrator: true), bob = await server.ProgramOfAsync("bob@example.org", isAdministrator: true);
        var address = $"/api/v1/studies/{study.Id}";
        var read = (await bob.GetAsync(address)).Headers.ETag!.ToString();

        Assert.Equal((HttpStatusCode)428, (await SaveAsync(ann, "A", null)).StatusCode);
        var first = await SaveAsync(ann, "A", read);
        Assert.Equal(HttpStatusCode.NoContent, first.StatusCode);
        var second = await SaveAsync(bob, "B", read);
        Assert.Equal(HttpStatusCode.Conflict, second.StatusCode);
        Assert.Contains("Ann@example.org has saved this study", await second.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        using (var publish = new HttpRequestMessage(HttpMethod.Post, address + "/publish"))
        {
            publish.Headers.TryAddWithoutValidation("If-Match", read);
            Assert.Equal(HttpStatusCode.Conflict, (await bob.SendAsync(publish)).StatusCode);
        }
        Assert.Equal("A", (await bob.GetFromJsonAsync<JsonElement>(address)).GetProperty("study").GetProperty("name").GetString());

        // With what she got back she goes on; and of many at the same moment one gets through.
        var next = first.Headers.ETag!.ToString();
        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(n => SaveAsync(n % 2 == 0 ? ann : bob, $"N{n}", next)));
        Assert.Single(answers, a => a.StatusCode == HttpStatusCode.NoContent);
        Assert.Equal(5, answers.Count(a => a.StatusCode == HttpStatusCode.Conflict));

        async Task<HttpResponseMessage> SaveAsync(HttpClient client, string name, string? revision)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, address + "/draft") { Content = JsonContent.Create(new { name, draft = study.Draft }) };
            if (revision is not null) request.Headers.TryAddWithoutValidation("If-Match", revision);
            return await client.SendAsync(request);
        }
    }

    [Fact]
    public async Task What_the_page_refuses_the_api_refuses_with_the_same_sentences()
    {
        await using var server = await database.UseServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var program = await server.ProgramOfAsync("wrong@example.org", isAdministrator: true);
        await server.Services.GetRequiredService<StudyDrafts>().SaveAsync(study.Id, study.Name, study.Draft with { Consent = "", MainTrials = 0 }, null, false);

        var refused = await program.PostAsync($"/api/v1/studies/{study.Id}/publish", null);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
        var problem = await refused.Content.ReadFromJsonAsync<JsonElement>();
        var sentences = problem.GetProperty("sentences").EnumerateArray().Select(s => s.GetString()!).ToArray();
        Assert.Contains("The consent text is empty: write what participants agree to.", sentences);
        Assert.Contains("The study has no main trials: ask for at least one.", sentences);

        var notJson = await program.PostAsync("/api/v1/stimulus-sets", new StringContent("{nonsense", null, "application/json"));
        Assert.Equal((HttpStatusCode.BadRequest, "application/problem+json"), (notJson.StatusCode, notJson.Content.Headers.ContentType!.MediaType));
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync($"/api/v1/models/{Guid.NewGuid()}")).StatusCode);
        Assert.Contains("There is nothing at this address", await (await program.GetAsync("/api/v1/nowhere")).Content.ReadAsStringAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_document_names_every_address_and_the_reference_needs_no_other_server()
    {
        await using var server = await database.UseServerAsync();
        using var document = JsonDocument.Parse(await server.Client.GetStringAsync("/api/openapi/v1.json"));
        var described = document.RootElement.GetProperty("paths").EnumerateObject()
            .SelectMany(path => path.Value.EnumerateObject().Select(operation => (Path: path.Name, Method: operation.Name.ToUpperInvariant(), Summary: operation.Value.TryGetProperty("summary", out var s) ? s.GetString() : null))).ToArray();
        var mapped = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.RoutePattern.RawText!.StartsWith("/api/v1", StringComparison.Ordinal))
            .Select(e => (Constraint().Replace(e.RoutePattern.RawText!, "}").TrimEnd('/'), e.Metadata.GetMetadata<HttpMethodMetadata>()!.HttpMethods[0])).ToArray();

        Assert.Equal(mapped.Order(), described.Select(d => (d.Path, d.Method)).Order());
        Assert.All(described, d => Assert.False(string.IsNullOrWhiteSpace(d.Summary), $"{d.Method} {d.Path} has no summary."));
        var reference = await server.Client.GetStringAsync("/api/reference/");
        Assert.DoesNotMatch("(src|href)=\"https?://", reference);
    }

    [GeneratedRegex(@"\{[^}]+\}")]
    private static partial Regex Parameter();

    [GeneratedRegex(@":[a-z]+\}")]
    private static partial Regex Constraint();
}

public sealed class ApiV1OnSqliteTests(SqliteDatabase database) : ApiV1Tests(database), IClassFixture<SqliteDatabase>;

public sealed class ApiV1OnPostgresTests(PostgresDatabase database) : ApiV1Tests(database), IClassFixture<PostgresDatabase>;
