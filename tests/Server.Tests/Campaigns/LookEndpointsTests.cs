using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Campaigns;
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
        await WorkersAsync(program, server, look.GetProperty("id").GetString()!);
        await UntilAsync(started.Headers.Location!.ToString(), l => l.GetProperty("state").GetString() == "done");
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

        var recognition = $"/api/v1/campaigns/{campaign.GetProperty("id").GetString()}/recognition";
        Assert.Equal(HttpStatusCode.Accepted, (await program.PostAsync(recognition, null)).StatusCode);
        // The kept look may have been accepted just now, and be waiting for its answer.
        await UntilAsync(recognition, r => r.GetProperty("missing").GetInt32() == 0);

        Task<JsonElement> UntilAsync(string what, Predicate<JsonElement> reached) => Wait.UntilAsync(() => program.GetFromJsonAsync<JsonElement>(what), reached, now => $"{what} is still {now}");
    }

    // What the page of the workers shows and does.
    private static async Task WorkersAsync(HttpClient program, RunningServer server, string look)
    {
        Assert.Equal(look, Assert.Single((await program.GetFromJsonAsync<JsonElement>("/api/v1/looks")).GetProperty("items").EnumerateArray()).GetProperty("id").GetString());
        var workers = await program.GetFromJsonAsync<JsonElement>("/api/v1/workers");
        var worker = Assert.Single(workers.GetProperty("workers").EnumerateArray());
        Assert.Equal((0, false, false), (workers.GetProperty("waiting").GetInt32(), worker.GetProperty("stopping").GetBoolean(), worker.GetProperty("silent").GetBoolean()));
        var made = Assert.Single((await program.GetFromJsonAsync<JsonElement>($"/api/v1/syntheses?campaign={look}&state=done")).GetProperty("items").EnumerateArray());
        Assert.Equal(worker.GetProperty("id").GetString(), made.GetProperty("workerId").GetString());

        var retry = $"/api/v1/syntheses/{made.GetProperty("id").GetString()}/retry";
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await program.PostAsync(retry, null)).StatusCode);
        await using var db = server.OpenDatabase();
        await db.SynthesisJobs.ExecuteUpdateAsync(j => j.SetProperty(x => x.State, SynthesisState.Failed).SetProperty(x => x.Failure, "It was set aside."));
        var failed = Assert.Single((await program.GetFromJsonAsync<JsonElement>("/api/v1/syntheses?state=failed")).GetProperty("items").EnumerateArray());
        Assert.Equal("It was set aside.", failed.GetProperty("failure").GetString());
        Assert.Equal(HttpStatusCode.NoContent, (await program.PostAsync(retry, null)).StatusCode);
        Assert.Empty((await program.GetFromJsonAsync<JsonElement>("/api/v1/syntheses?state=failed")).GetProperty("items").EnumerateArray());
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await program.GetAsync("/api/v1/syntheses?state=lost")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await program.PostAsync($"/api/v1/syntheses/{Guid.NewGuid()}/retry", null)).StatusCode);
    }
}
