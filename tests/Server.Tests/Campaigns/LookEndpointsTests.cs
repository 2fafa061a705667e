using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>Instant looks and accuracies by a program.</summary>
public sealed class LookEndpointsTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_program_takes_an_instant_look_keeps_it_and_measures_a_model()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var program = await server.ProgramOfAsync("looks@example.org");
        var started = await program.PostAsJsonAsync("/api/v1/looks", world.Look("pooled", 40));
        Assert.Equal(HttpStatusCode.Created, started.StatusCode);
        var look = await UntilAsync(started.Headers.Location!.ToString(), l => l.GetProperty("state").GetString() == "done");
        Assert.Equal((40, JsonValueKind.Number), (look.GetProperty("stepsDone").GetInt32(), look.GetProperty("loss").ValueKind));
        Assert.Equal(HttpStatusCode.NoContent, (await program.PostAsJsonAsync($"{started.Headers.Location}/keep", new { name = "kept", nullPairs = 10 })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.GetAsync(started.Headers.Location)).StatusCode);
        var campaign = (await program.GetFromJsonAsync<JsonElement>("/api/v1/campaigns")).GetProperty("items")[0];
        Assert.Equal(("kept", 10, false), (campaign.GetProperty("name").GetString(), campaign.GetProperty("nullPairs").GetInt32(), campaign.GetProperty("needsGpu").GetBoolean()));
        Assert.Equal("None of these metamers is accepted, so there is nothing to put into a set.",
            (await (await program.PostAsJsonAsync("/api/v1/metamers/collect", new { metamers = Array.Empty<Guid>(), newName = "chosen" })).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString());

        var address = $"/api/v1/models/{world.Model.Id}/accuracies";
        Assert.Equal(HttpStatusCode.Accepted, (await program.PostAsJsonAsync(address, new { setId = world.NaturalSet })).StatusCode);
        var measured = (await UntilAsync(address, a => a.GetProperty("items")[0].GetProperty("endedAt").ValueKind != JsonValueKind.Null)).GetProperty("items")[0];
        Assert.Equal(6, measured.GetProperty("stimuli").GetInt32());
        Assert.InRange(measured.GetProperty("accuracy").GetDouble(), 0.5, 1);

        async Task<JsonElement> UntilAsync(string what, Predicate<JsonElement> reached)
        {
            for (var patience = 0; ; patience++)
            {
                var now = await program.GetFromJsonAsync<JsonElement>(what);
                if (reached(now)) return now;
                Assert.True(patience < 1200, $"{what} is still {now}");
                await Task.Delay(100, TestContext.Current.CancellationToken);
            }
        }
    }
}
