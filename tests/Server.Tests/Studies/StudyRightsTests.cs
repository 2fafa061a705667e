using System.Net;
using System.Net.Http.Json;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Routing;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Studies;

/// <summary>Each right against each role, by pages, downloads and the API of the running server.</summary>
public abstract class StudyRightsTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    private static readonly string[] Everybody = ["owner", "designer", "runner", "analyst", "blinded-analyst", "administrator", "nobody"];

    // What is tried, how, and who succeeds while the study is open.
    private static readonly (string What, string Address, string Who)[] Pages =
    [
        ("design", "", "owner designer runner analyst blinded-analyst administrator"),
        ("members", "/members", "owner designer runner analyst blinded-analyst administrator"),
        ("history", "/history", "owner designer runner analyst blinded-analyst administrator"),
        ("history file", "/history.csv", "owner designer runner analyst blinded-analyst administrator"),
        ("power", "/power", "owner designer runner analyst blinded-analyst administrator"),
        ("invitations", "/invite", "owner runner administrator"),
        ("personal links", "/personal-links.csv", "owner runner administrator"),
        ("preregistration", "/versions/1/preregistration.zip", "owner designer runner analyst blinded-analyst administrator"),
        ("participants", "/participants", "owner runner analyst blinded-analyst administrator"),
        ("exclusion rules", "/participants/exclusion-rules", "owner runner analyst blinded-analyst administrator"),
        ("recruiters' ids", "/recruiter-ids.csv", "owner runner administrator"),
        ("balance and quality", "/results", "owner runner analyst blinded-analyst administrator"),
        ("report", "/report.html", "owner analyst administrator"),
        ("trials", "/export/trials.csv", "owner analyst administrator"),
        ("archive", "/export/study.zip", "owner analyst administrator"),
    ];

    [Fact]
    public async Task Pages_and_downloads()
    {
        await using var server = await database.UseServerAsync();
        var study = await StudyWithMembersAsync(server);
        foreach (var who in Everybody)
        {
            var client = await server.NewClient().SignInAsync(Email(who));
            foreach (var (what, address, allowed) in Pages)
            {
                var answer = await client.GetAsync($"/admin/studies/{study.Id}{address}");
                if (allowed.Split(' ').Contains(who)) Assert.True(answer.StatusCode == HttpStatusCode.OK, $"{who} should see {what}: {answer.StatusCode}");
                else Assert.True(answer.StatusCode == HttpStatusCode.Found && answer.Headers.Location!.AbsolutePath == "/no-access", $"{who} should not see {what}: {answer.StatusCode} {answer.Headers.Location}");
            }
        }
        // A blinded analyst waits for the end.
        await server.Services.GetRequiredService<StudyPublisher>().CloseAsync(study.Id);
        var blinded = await server.NewClient().SignInAsync(Email("blinded-analyst"));
        foreach (var address in (string[])["report.html", "export/trials.csv", "export/study.zip"])
            Assert.Equal(HttpStatusCode.OK, (await blinded.GetAsync($"/admin/studies/{study.Id}/{address}")).StatusCode);
    }

    [Fact]
    public async Task The_api()
    {
        await using var server = await database.UseServerAsync();
        var study = await StudyWithMembersAsync(server);
        await using var db = server.OpenDatabase();
        var session = await db.Sessions.Where(s => s.State == SessionState.Completed && db.StudyVersions.Any(v => v.Id == s.StudyVersionId && v.StudyId == study.Id)).Select(s => s.Id).FirstAsync();
        var member = await db.StudyMembers.Where(m => m.StudyId == study.Id && m.Role == StudyRole.Analyst).Select(m => m.Id).SingleAsync();
        var root = $"/api/v1/studies/{study.Id}";

        (string What, Func<HttpClient, Task<HttpResponseMessage>> Try, string Who)[] calls =
        [
            ("read", c => c.GetAsync(root), "owner designer runner analyst blinded-analyst administrator"),
            ("history", c => c.GetAsync(root + "/audit"), "owner designer runner analyst blinded-analyst administrator"),
            ("sessions", c => c.GetAsync(root + "/sessions"), "owner runner analyst blinded-analyst administrator"),
            ("results", c => c.GetAsync(root + "/results"), "owner analyst administrator"),
            ("exports", c => c.GetAsync(root + "/exports/trials.csv"), "owner analyst administrator"),
            ("ask for power", c => c.PostAsJsonAsync(root + "/power", new { participants = 5 }), "owner designer runner analyst blinded-analyst administrator"),
            ("watch", c => c.GetAsync(root + "/monitor"), "owner runner analyst blinded-analyst administrator"),
            ("try rules", c => c.PostAsJsonAsync(root + "/exclusions/try", new { noTouch = true }), "owner runner analyst blinded-analyst administrator"),
            ("simulate", async c =>
            {
                var answer = await c.PostAsJsonAsync(root + "/synthetic-observers", new { observers = 1, draft = true });
                return answer.IsSuccessStatusCode ? await c.DeleteAsync(root + "/synthetic-observers?draft=true") : answer;
            }, "owner designer administrator"),
            ("choose stimuli", async c =>
            {
                using var request = new HttpRequestMessage(HttpMethod.Post, root + "/draft/stimuli");
                request.Headers.TryAddWithoutValidation("If-Match", "*");
                return await c.SendAsync(request);
            }, "owner designer administrator"),
            ("table of results", c => c.GetAsync(root + "/results/confusions.csv"), "owner analyst administrator"),
            ("report", c => c.GetAsync(root + "/report.html"), "owner analyst administrator"),
            ("ask models", c => c.PostAsync(root + "/model-answers", null), "owner analyst administrator"),
            ("recruiters' ids", c => c.GetAsync(root + "/recruiter-ids.csv"), "owner runner administrator"),
            ("data of one participant", c => c.GetAsync(root + "/participant-data.json?who=P1"), "owner administrator"),
            ("record of processing", c => c.GetAsync(root + "/record-of-processing.md"), "owner designer runner analyst blinded-analyst administrator"),
            ("invite a member", c => c.PostAsJsonAsync(root + "/members/invitations", new { role = "analyst" }), "owner administrator"),
            ("save", c => SaveAsync(c, root, study), "owner designer administrator"),
            ("exclude and restore", async c =>
            {
                var answer = await c.PostAsJsonAsync($"{root}/sessions/{session}/exclude", new { reason = "test" });
                return answer.IsSuccessStatusCode ? await c.PostAsync($"{root}/sessions/{session}/restore", null) : answer;
            }, "owner runner blinded-analyst administrator"),
            ("close and open", async c =>
            {
                var answer = await c.PostAsync(root + "/close", null);
                return answer.IsSuccessStatusCode ? await c.PostAsync(root + "/open", null) : answer;
            }, "owner runner administrator"),
            ("personal links", async c =>
            {
                var answer = await c.PostAsJsonAsync(root + "/personal-links", new { notes = new[] { "for Ann" } });
                if (!answer.IsSuccessStatusCode) return answer;
                var newest = (await c.GetFromJsonAsync<System.Text.Json.JsonElement>(root + "/personal-links")).GetProperty("items").EnumerateArray().Last();
                Assert.Equal("for Ann", newest.GetProperty("note").GetString());
                return await c.DeleteAsync($"{root}/personal-links/{newest.GetProperty("code").GetString()}");
            }, "owner runner administrator"),
            ("publish", c => c.PostAsync(root + "/publish", null), "owner runner administrator"),
            ("role", c => c.PutAsJsonAsync($"{root}/members/{member}", new { role = "analyst" }), "owner administrator"),
        ];
        foreach (var who in Everybody)
        {
            var program = await server.ProgramOfAsync(Email(who), isAdministrator: who == "administrator");
            foreach (var (what, attempt, allowed) in calls)
            {
                var answer = await attempt(program);
                var said = await answer.Content.ReadAsStringAsync();
                if (allowed.Split(' ').Contains(who)) Assert.True(answer.IsSuccessStatusCode, $"{who} may {what}: {answer.StatusCode} {said}");
                else
                {
                    // Whoever is no member does not learn that there is such a study.
                    Assert.True(answer.StatusCode == (who == "nobody" ? HttpStatusCode.NotFound : HttpStatusCode.Forbidden), $"{who} may not {what}: {answer.StatusCode} {said}");
                    Assert.Equal("application/problem+json", answer.Content.Headers.ContentType!.MediaType);
                }
            }
        }
    }

    [Fact]
    public async Task Every_page_and_download_of_a_study_says_which_right_it_needs()
    {
        await using var server = await database.UseServerAsync();
        var open = server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>()
            .Where(e => e.RoutePattern.RawText!.TrimStart('/').StartsWith("admin/studies/{", StringComparison.Ordinal))
            .Where(e => !e.Metadata.GetOrderedMetadata<IAuthorizeData>().Any(a => a.Policy?.StartsWith("study: ", StringComparison.Ordinal) == true)).Select(e => e.RoutePattern.RawText);
        Assert.Empty(open);
    }

    private static async Task<HttpResponseMessage> SaveAsync(HttpClient client, string root, Study study)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, root + "/draft") { Content = JsonContent.Create(new { name = study.Name, draft = study.Draft, places = 50 }) };
        request.Headers.TryAddWithoutValidation("If-Match", "*");
        return await client.SendAsync(request);
    }

    [Fact]
    public async Task Of_a_study_there_is_always_an_owner()
    {
        await using var server = await database.UseServerAsync();
        var study = await StudyWithMembersAsync(server);
        var owner = await server.ProgramOfAsync(Email("owner"));
        var root = $"/api/v1/studies/{study.Id}/members";
        var me = (await owner.GetFromJsonAsync<Members>(root))!.Items.Single(m => m.Email == Email("owner")).Id;

        foreach (var attempt in (Task<HttpResponseMessage>[])[owner.DeleteAsync($"{root}/{me}"), owner.PutAsJsonAsync($"{root}/{me}", new { role = "designer" })])
        {
            var refused = await attempt;
            Assert.Equal(HttpStatusCode.UnprocessableEntity, refused.StatusCode);
            Assert.Contains("A study needs an owner", await refused.Content.ReadAsStringAsync(), StringComparison.Ordinal);
        }
        Assert.Equal(HttpStatusCode.NoContent, (await owner.PutAsJsonAsync($"{root}/{(await owner.GetFromJsonAsync<Members>(root))!.Items.Single(m => m.Email == Email("designer")).Id}", new { role = "owner" })).StatusCode);
        Assert.Equal(HttpStatusCode.NoContent, (await owner.DeleteAsync($"{root}/{me}")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await owner.GetAsync(root)).StatusCode);
    }

    [Fact]
    public async Task Of_two_owners_who_remove_each_other_one_stays()
    {
        await using var server = await database.UseServerAsync();
        for (var n = 0; n < 5; n++)
        {
            var study = await StudyWithMembersAsync(server);
            var members = server.Services.GetRequiredService<StudyMembers>();
            await members.AddAsync(study.Id, Email("administrator"), StudyRole.Owner);
            var owners = (await members.ListAsync(study.Id)).Where(m => m.Role == StudyRole.Owner).ToArray();
            await Task.WhenAll(owners.Select(async owner =>
            {
                try
                {
                    await members.RemoveAsync(study.Id, owner.Id);
                }
                catch (PerceptionStudy.Server.Data.RefusedException)
                {
                    // The other was faster.
                }
            }));
            Assert.Single(await members.ListAsync(study.Id), m => m.Role == StudyRole.Owner);
        }
    }

    [Fact]
    public async Task Whoever_is_invited_is_a_member_from_the_first_moment()
    {
        await using var server = await database.UseServerAsync();
        var study = await StudyWithMembersAsync(server);
        var token = await server.Services.GetRequiredService<StudyMembers>().InviteAsync(study.Id, StudyRole.Designer);
        var browser = server.NewClient();
        var email = $"new-{Guid.NewGuid():N}@example.org";
        Assert.Equal(HttpStatusCode.Found, (await browser.SendFormAsync("/join?token=" + token, new() { ["Form.Email"] = email, ["Form.Password"] = Forms.Password, ["Form.Repeat"] = Forms.Password })).StatusCode);
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/admin/studies/{study.Id}")).StatusCode);
        Assert.Equal(HttpStatusCode.Found, (await browser.GetAsync($"/admin/studies/{study.Id}/participants")).StatusCode);
        await using var db = server.OpenDatabase();
        Assert.Equal(email, (await db.AuditEntries.Where(e => e.StudyId == study.Id && e.Entity == "StudyMember").OrderByDescending(e => e.Number).FirstAsync()).Who);
    }

    private sealed record Member(Guid Id, string? Email);

    private sealed record Members(Member[] Items);

    private static string Email(string who) => who + "@rights.example.org";

    private static async Task<Study> StudyWithMembersAsync(RunningServer server)
    {
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 1);
        var members = server.Services.GetRequiredService<StudyMembers>();
        foreach (var who in Everybody) await server.AddResearcherAsync(Email(who), isAdministrator: who == "administrator");
        foreach (var role in Enum.GetValues<StudyRole>())
            await members.AddAsync(study.Id, Email(role == StudyRole.BlindedAnalyst ? "blinded-analyst" : role.ToString().ToLowerInvariant()), role);
        return study;
    }
}

public sealed class StudyRightsOnSqliteTests(SqliteDatabase database) : StudyRightsTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudyRightsOnPostgresTests(PostgresDatabase database) : StudyRightsTests(database), IClassFixture<PostgresDatabase>;
