using System.Net;
using System.Text;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.AspNetCore.StaticAssets;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Operation.Web;

/// <summary>
/// Every address of the server against everybody. An address that no row of the table covers fails the test: whoever adds one says here who may open it.
/// The HTTP API has a table of its own (ApiV1Tests, StudyRightsTests).
/// </summary>
public sealed class EndpointRolesTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private enum Door
    {
        /// <summary>Everybody; it shows nothing of anybody.</summary>
        Open,

        /// <summary>Whoever has an address that is random.</summary>
        RandomAddress,

        /// <summary>The browser that holds the session's token.</summary>
        Session,

        SignedIn,
        Administrator,

        /// <summary>By the right that the address names.</summary>
        Study,

        /// <summary>A program with a token.</summary>
        Token,
    }

    // The first that fits counts.
    private static readonly (string Address, Door Door)[] Doors =
    [
        ("^/api/v1(/|$)", Door.Token),
        ("^/api/(openapi|reference)", Door.Open),
        ("^/api/sessions/", Door.Session),
        ("^/admin/(audit|audit\\.csv|system)$", Door.Administrator),
        ("^/admin/studies/(new|replicate)$", Door.SignedIn),
        ("^/admin/studies/\\{", Door.Study),
        ("^/admin(/|$)", Door.SignedIn),
        ("^/account(/|$)", Door.SignedIn),
        ("^/passkeys/new", Door.SignedIn),
        ("^/try/", Door.SignedIn),
        ("^/(run|end)/", Door.Session),
        ("^/s/|^/stimuli/", Door.RandomAddress),
        ("^/(sign-in|sign-out|set-up|join|no-access|withdraw)(/|$)", Door.Open),
        ("^/passkeys/sign-in", Door.Open),
        ("^/health/", Door.Open),
        ("^/$", Door.Open),
        // Files of this server that are not there.
        ("^/\\{\\*\\*path:file\\}$", Door.Open),
        // The connection of live pages; what they show asks for rights itself.
        ("^/_blazor", Door.Open),
        // The participants' program, files of this server.
        ("^/_framework", Door.Open),
    ];

    private static readonly string[] Members = ["owner", "designer", "runner", "analyst", "blindedanalyst"];

    [Fact]
    public async Task Nobody_gets_in_where_they_may_not()
    {
        await using var server = await database.StartServerAsync("--Limits:Guesses:Burst=100000", "--Limits:Guesses:PerMinute=100000", "--Limits:Api:Burst=100000", "--Limits:Api:PerMinute=100000");
        var (study, session, other) = await WorldAsync(server);
        var people = new Dictionary<string, HttpClient> { ["stranger"] = server.NewClient(), ["participant of another session"] = server.NewClient() };
        people["participant of another session"].DefaultRequestHeaders.Add("Cookie", $"session-{other.SessionId:N}={other.Token}; session-{session:N}={other.Token}");
        foreach (var who in (string[])["nobody", "administrator", .. Members]) people[who] = await server.NewClient().SignInAsync(who + "@doors.example.org");

        var wrong = new StringBuilder();
        var tried = 0;
        foreach (var endpoint in Endpoints(server))
        {
            var address = "/" + endpoint.RoutePattern.RawText!.TrimStart('/');
            var door = Doors.FirstOrDefault(d => Regex.IsMatch(address, d.Address));
            if (door.Address is null)
            {
                wrong.AppendLine($"{address} is in no row: say in Doors who may open it.");
                continue;
            }
            var path = "/" + string.Join('/', endpoint.RoutePattern.PathSegments.Select(segment => string.Concat(segment.Parts.Select(part => part switch
            {
                RoutePatternLiteralPart literal => literal.Content,
                RoutePatternSeparatorPart separator => separator.Content,
                _ => ValueOf((RoutePatternParameterPart)part, study.Id, session),
            }))));
            var method = Method(endpoint);
            foreach (var (who, client) in people)
            {
                using var request = new HttpRequestMessage(method, path);
                if (method != HttpMethod.Get) request.Content = new StringContent("[]", null, endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Http.Metadata.IAcceptsMetadata>()?.ContentTypes.FirstOrDefault() ?? "application/json");
                using var answer = await client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
                tried++;
                if (Wrong(door.Door, who, endpoint, answer) is { } why) wrong.AppendLine($"{method} {path} ({door.Door}) by {who}: {(int)answer.StatusCode} {answer.Headers.Location} {why}");
            }
        }
        Assert.True(wrong.Length == 0, wrong.ToString());
        Assert.True(tried > 500, $"{tried} were tried.");
    }

    [Fact]
    public async Task A_token_opens_its_own_session_only_and_a_forged_one_none()
    {
        await using var server = await database.StartServerAsync();
        var (_, session, other) = await WorldAsync(server);
        var rightful = server.NewClient();
        rightful.DefaultRequestHeaders.Add("Cookie", $"session-{other.SessionId:N}={other.Token}");
        Assert.Equal(HttpStatusCode.OK, (await rightful.GetAsync($"/api/sessions/{other.SessionId}")).StatusCode);
        await using var db = server.OpenDatabase();
        var stored = await db.Sessions.Where(s => s.Id == other.SessionId).Select(s => s.TokenSha256).SingleAsync();
        var flipped = (other.Token[0] == 'A' ? 'B' : 'A') + other.Token[1..];
        foreach (var (id, token) in ((Guid, string)[])[(session, other.Token), (other.SessionId, flipped), (other.SessionId, other.Token + "A"), (other.SessionId, other.Token[..^1]), (other.SessionId, stored), (other.SessionId, ""), (Guid.Empty, other.Token)])
        {
            var thief = server.NewClient();
            thief.DefaultRequestHeaders.Add("Cookie", $"session-{id:N}={token}");
            foreach (var address in (string[])[$"/api/sessions/{id}", $"/api/sessions/{id}/completion", $"/run/{id}", $"/end/{id}"])
                Assert.True((await thief.GetAsync(address)).StatusCode == HttpStatusCode.Unauthorized, $"{address} opened with {token}");
            foreach (var deed in (string[])["withdrawal", "leaving", "resumption"])
                Assert.Equal(HttpStatusCode.Unauthorized, (await thief.PostAsync($"/api/sessions/{id}/{deed}", null)).StatusCode);
        }
        Assert.True(other.Token.Length >= 22, "A token has fewer than 128 bits.");
    }

    [Fact]
    public async Task What_belongs_to_another_study_is_not_found_through_ones_own()
    {
        await using var server = await database.StartServerAsync();
        var (mine, _, _) = await WorldAsync(server);
        var (theirs, strange, _) = await WorldAsync(server, owner: "stranger-owner");
        await using var db = server.OpenDatabase();
        var code = await db.Sessions.Where(s => s.Id == strange).Select(s => s.WithdrawCode).SingleAsync();
        var member = await db.StudyMembers.Where(m => m.StudyId == theirs.Id).Select(m => m.Id).FirstAsync();
        var browser = await server.NewClient().SignInAsync("owner@doors.example.org");
        var program = await server.ProgramOfAsync("owner@doors.example.org");
        Assert.Equal(HttpStatusCode.OK, (await browser.GetAsync($"/admin/studies/{mine.Id}/participant-data.json?who=P1")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await browser.GetAsync($"/admin/studies/{mine.Id}/participant-data.json?who={code}")).StatusCode);
        Assert.Equal("/no-access", (await browser.GetAsync($"/admin/studies/{theirs.Id}/participant-data.json?who={code}")).Headers.Location!.AbsolutePath);
        foreach (var attempt in (Task<HttpResponseMessage>[])
        [
            program.PostAsync($"/api/v1/studies/{mine.Id}/sessions/{strange}/exclude", new StringContent("""{"reason":"no"}""", Encoding.UTF8, "application/json")),
            program.DeleteAsync($"/api/v1/studies/{mine.Id}/members/{member}"),
            program.GetAsync($"/api/v1/studies/{theirs.Id}"), program.GetAsync($"/api/v1/studies/{theirs.Id}/sessions"), program.GetAsync($"/api/v1/studies/{theirs.Id}/exports/trials.csv"),
        ]) Assert.Equal(HttpStatusCode.NotFound, (await attempt).StatusCode);
        Assert.True(await db.StudyMembers.AnyAsync(m => m.Id == member));
        Assert.Equal(SessionState.Completed, await db.Sessions.Where(s => s.Id == strange).Select(s => s.State).SingleAsync());
    }

    private static IEnumerable<RouteEndpoint> Endpoints(RunningServer server) =>
        server.Services.GetRequiredService<EndpointDataSource>().Endpoints.OfType<RouteEndpoint>().Where(e => e.Metadata.GetMetadata<StaticAssetDescriptor>() is null)
            .DistinctBy(e => (e.RoutePattern.RawText, Method(e)));

    private static HttpMethod Method(RouteEndpoint endpoint) => endpoint.Metadata.GetMetadata<Microsoft.AspNetCore.Routing.HttpMethodMetadata>()?.HttpMethods is { Count: > 0 } methods && !methods.Contains("GET") ? new HttpMethod(methods[0]) : HttpMethod.Get;

    private static string ValueOf(RoutePatternParameterPart parameter, Guid study, Guid session) => parameter switch
    {
        { Name: "sessionId" or "SessionId" } => session.ToString(),
        { Name: "sha256" } => new string('0', 64),
        { Name: "drawing" } => "waveform",
        _ when parameter.ParameterPolicies.Any(p => p.Content == "int") => "1",
        _ when parameter.ParameterPolicies.Any(p => p.Content == "guid") => study.ToString(),
        _ => "nothing",
    };

    /// <summary>Why an answer is not what the door lets through; null where it is.</summary>
    private static string? Wrong(Door door, string who, RouteEndpoint endpoint, HttpResponseMessage answer)
    {
        var (signedIn, away) = (who is not ("stranger" or "participant of another session"), answer.Headers.Location?.OriginalString ?? "");
        var (toSignIn, toNoAccess) = (away.Contains("/sign-in", StringComparison.Ordinal), away.Contains("/no-access", StringComparison.Ordinal));
        // The pictures of this world are not on the disk.
        if ((int)answer.StatusCode >= 500 && !endpoint.RoutePattern.RawText!.EndsWith("/replication.zip", StringComparison.Ordinal)) return "failed";
        switch (door)
        {
            case Door.Token:
                return answer.StatusCode == HttpStatusCode.Unauthorized ? null : "without a token";
            case Door.Session:
                return answer.StatusCode is HttpStatusCode.Unauthorized or HttpStatusCode.NotFound ? null : "without the session's token";
            case Door.Open or Door.RandomAddress:
                return toNoAccess ? "should be open" : null;
            case var _ when !signedIn:
                return toSignIn || answer.StatusCode == HttpStatusCode.Unauthorized ? null : "without an account";
            case Door.SignedIn:
                return toSignIn || toNoAccess ? "should be let in" : null;
            case Door.Administrator:
                return (who == "administrator") == !toNoAccess ? null : "only administrators";
            default:
                var needed = endpoint.Metadata.GetOrderedMetadata<Microsoft.AspNetCore.Authorization.IAuthorizeData>().Where(a => a.Policy?.StartsWith("study: ", StringComparison.Ordinal) == true).Select(a => Enum.Parse<StudyRight>(a.Policy!["study: ".Length..])).ToList();
                if (needed.Count == 0) return "names no right";
                var role = Enum.TryParse<StudyRole>(who, ignoreCase: true, out var found) ? found : (StudyRole?)null;
                var may = who == "administrator" || role is { } r && needed.All(right => StudyRights.Has(r, right, closed: false));
                return may == !toNoAccess ? null : may ? "should be let in" : "has not the right";
        }
    }

    private static async Task<(Study Study, Guid Session, StartedSession Other)> WorldAsync(RunningServer server, string owner = "owner")
    {
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        var session = (await Participants.TakePartAsync(server.Services, study, 1)).Single();
        var members = server.Services.GetRequiredService<StudyMembers>();
        foreach (var who in (string[])["nobody", "administrator", owner, .. Members]) await server.AddResearcherAsync(who + "@doors.example.org", isAdministrator: who == "administrator");
        foreach (var who in owner == "owner" ? Members : [owner]) await members.AddAsync(study.Id, who + "@doors.example.org", Enum.TryParse<StudyRole>(who, ignoreCase: true, out var role) ? role : StudyRole.Owner);
        await using var db = server.OpenDatabase();
        var version = await db.StudyVersions.SingleAsync(v => v.StudyId == study.Id);
        return (study, session, await server.Services.GetRequiredService<SessionStart>().StartAsync(study.LinkKey, version.Id, null));
    }
}
