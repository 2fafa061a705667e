using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PerceptionStudy.Server.Accounts;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;

namespace PerceptionStudy.Server.Tests.Analysis.Monitoring;

/// <summary>The live page by a program.</summary>
public sealed class MonitorEndpointsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_program_sees_how_a_study_runs_tries_rules_and_copies_it()
    {
        await using var server = await database.StartServerAsync();
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 2);
        await Participants.TakePartAsync(server.Services, study, 1, trials: 3);
        var program = await server.ProgramOfAsync("watch@example.org", isAdministrator: true);
        var address = $"/api/v1/studies/{study.Id}";
        var now = await program.GetFromJsonAsync<JsonElement>($"{address}/monitor");
        Assert.Equal((3, 2), (now.GetProperty("funnel").GetProperty("consented").GetInt32(), now.GetProperty("funnel").GetProperty("finished").GetInt32()));
        Assert.Equal(3, now.GetProperty("placesTaken").GetInt32());
        Assert.True(now.GetProperty("balance").GetArrayLength() > 1);

        var hit = await (await program.PostAsJsonAsync($"{address}/exclusions/try", new { medianReactionTimeMsAtLeast = 100_000 })).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal((2, 2), (hit.GetProperty("finished").GetInt32(), hit.GetProperty("leftOut").GetInt32()));
        Assert.Equal(["P1", "P2"], hit.GetProperty("hit").EnumerateObject().Single().Value.EnumerateArray().Select(who => who.GetString()));

        var copied = await (await program.PostAsJsonAsync("/api/v1/studies", new { name = "Once more", copyOf = study.Id })).Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal("draft", copied.GetProperty("state").GetString());

        var stranger = await server.ProgramOfAsync("stranger@example.org", TokenScopes.Read);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.GetAsync($"{address}/monitor")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync($"{address}/exclusions/try", new { })).StatusCode);
    }
}
