using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Studies;

namespace PerceptionStudy.Server.Tests.Analysis.Simulation;

/// <summary>Synthetic observers answer drafts and published versions, and nothing of either is ever taken for people, or for the other.</summary>
public abstract class StudySimulationTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_draft_is_simulated_without_being_published_and_counted_nowhere()
    {
        await using var server = await database.StartServerAsync();
        var (drafts, simulation) = (server.Services.GetRequiredService<StudyDrafts>(), server.Services.GetRequiredService<StudySimulation>());
        var study = await DraftAsync(drafts);
        Assert.Contains("simulate its draft", (await Assert.ThrowsAsync<RefusedException>(() => simulation.RunAsync(study.Id, 1, new ObserverProfile(), 1))).Message, StringComparison.Ordinal);

        var told = new List<int>();
        var version = await simulation.RunAsync(study.Id, 3, new ObserverProfile(), seed: 1, draft: true, told.Add);
        Assert.True(version.Number < 0);
        Assert.Equal([1, 2, 3], told);
        // The background task meets them too.
        await server.Services.GetRequiredService<SessionDigests>().StoreMissingAsync();
        await using var db = server.OpenDatabase();
        var sessions = await db.Sessions.Where(s => s.StudyVersionId == version.Id).ToListAsync();
        Assert.Equal(3, sessions.Count(s => s is { ObserverType: ObserverType.Synthetic, State: SessionState.Completed }));

        var loader = server.Services.GetRequiredService<ResultsLoader>();
        var results = await loader.LoadAsync(study.Id, new TrialFilter(ObserverType.Synthetic, version.Number));
        Assert.Equal((3, 3 * version.Design.MainTrials), (results.Summary.Participants, results.Summary.Trials));
        Assert.Null(results.Methods);
        Assert.Equal(3, (await StudyMonitor.CountAsync(db, ObserverType.Synthetic, drafts: true))[study.Id].Completed);

        // Not before publication, and not after; a published version has its own.
        for (var time = 0; time < 2; time++)
        {
            Assert.Equal(time, await db.StudyVersions.CountAsync(v => v.StudyId == study.Id));
            Assert.Equal(0, await Places.CountTakenAsync(db, study.Id));
            Assert.Empty(await StudyMonitor.SessionsAsync(db, study.Id));
            Assert.DoesNotContain(study.Id, (await StudyMonitor.CountAsync(db, ObserverType.Synthetic)).Keys);
            foreach (var observers in Enum.GetValues<ObserverType>())
                Assert.Empty(await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter(observers, IncludeIncomplete: true)).ToListAsync());
            Assert.Empty(await server.Services.GetRequiredService<TrialQuery>().ReadAsync(study.Id, new TrialFilter(Version: version.Number)).ToListAsync());
            Assert.Equal(0, (await loader.LoadAsync(study.Id, new TrialFilter(ObserverType.Synthetic))).Summary.Participants);
            await Publishing.PublisherOf(server.Services).PublishAsync(study.Id);
        }
        await simulation.RunAsync(study.Id, 2, new ObserverProfile(), seed: 9);
        Assert.Equal(2, (await loader.LoadAsync(study.Id, new TrialFilter(ObserverType.Synthetic))).Summary.Participants);
        Assert.Equal(3, await simulation.RemoveAsync(study.Id, draft: true));
        Assert.Equal(2, await simulation.RemoveAsync(study.Id));
    }

    [Fact]
    public async Task A_changed_draft_forgets_who_answered_it_before()
    {
        await using var server = await database.StartServerAsync();
        var (drafts, simulation) = (server.Services.GetRequiredService<StudyDrafts>(), server.Services.GetRequiredService<StudySimulation>());
        var study = await DraftAsync(drafts);
        var before = await simulation.RunAsync(study.Id, 2, new ObserverProfile(), seed: 1, draft: true);
        Assert.Equal(before.Id, (await simulation.RunAsync(study.Id, 1, new ObserverProfile(), seed: 3, draft: true)).Id);

        await drafts.SaveAsync(study.Id, study.Name, study.Draft with { Consent = "" }, null, false);
        Assert.Equal("The consent text is empty: write what participants agree to.",
            (await Assert.ThrowsAsync<DesignRefusedException>(() => simulation.RunAsync(study.Id, 1, new ObserverProfile(), 1, draft: true))).Message);
        await using var db = server.OpenDatabase();
        Assert.Equal(3, await db.Sessions.CountAsync(s => s.StudyVersionId == before.Id));

        await drafts.SaveAsync(study.Id, study.Name, study.Draft with { BreakEveryTrials = 4 }, null, false);
        var after = await simulation.RunAsync(study.Id, 1, new ObserverProfile(), seed: 1, draft: true);
        Assert.Equal((0, 1), (await db.Sessions.CountAsync(s => s.StudyVersionId == before.Id), await db.Sessions.CountAsync(s => s.StudyVersionId == after.Id)));
        Assert.Equal([after.Id], await StudySimulation.SimulatedDrafts(db, study.Id).Select(v => v.Id).ToListAsync());
        await drafts.DeleteAsync(study.Id);
        Assert.Equal(0, await db.Sessions.CountAsync(s => s.StudyVersionId == after.Id));
    }

    [Fact]
    public async Task Programs_ask_for_power_and_send_observers()
    {
        await using var server = await database.StartServerAsync();
        var study = await DraftAsync(server.Services.GetRequiredService<StudyDrafts>());
        var program = await server.ProgramOfAsync($"{Guid.NewGuid():N}@example.org", isAdministrator: true);
        var address = $"/api/v1/studies/{study.Id}";
        var power = await program.PostAsJsonAsync($"{address}/power", new { participants = 10, wishedHalfWidth = 0.1, profile = new { natural = 0.8 } });
        var said = await power.Content.ReadFromJsonAsync<JsonElement>();
        Assert.Equal(("natural", 0.8), (said.GetProperty("conditions")[0].GetProperty("condition").GetString(), said.GetProperty("conditions")[0].GetProperty("expected").GetDouble()));
        Assert.InRange(said.GetProperty("participantsNeeded").GetInt32(), 3, 2000);
        Assert.Equal("Ask for 2 to 2,000 participants.", await DetailAsync(await program.PostAsJsonAsync($"{address}/power", new { participants = 1 })));
        Assert.Contains("a proportion correct lies from 0 to 1", await DetailAsync(await program.PostAsJsonAsync($"{address}/power", new { profile = new { natural = 1.2 } })), StringComparison.Ordinal);

        Assert.Equal("Send 1 to 500 observers.", await DetailAsync(await program.PostAsJsonAsync($"{address}/synthetic-observers", new { observers = 0, draft = true })));
        var sent = await (await program.PostAsJsonAsync($"{address}/synthetic-observers", new { observers = 2, draft = true })).Content.ReadFromJsonAsync<JsonElement>();
        var results = await program.GetFromJsonAsync<JsonElement>($"{address}/results?synthetic=true&version={sent.GetProperty("version").GetInt32()}");
        Assert.Equal(2, results.GetProperty("participants").GetInt32());
        Assert.Equal(2, (await (await program.DeleteAsync($"{address}/synthetic-observers?draft=true")).Content.ReadFromJsonAsync<JsonElement>()).GetProperty("observers").GetInt32());

        // Who may not change the design may not fill its pages either.
        var stranger = await server.ProgramOfAsync($"{Guid.NewGuid():N}@example.org");
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync($"{address}/power", new { })).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await stranger.PostAsJsonAsync($"{address}/synthetic-observers", new { observers = 1, draft = true })).StatusCode);
    }

    private static async Task<string?> DetailAsync(HttpResponseMessage answer)
    {
        Assert.Equal(HttpStatusCode.UnprocessableEntity, answer.StatusCode);
        return (await answer.Content.ReadFromJsonAsync<JsonElement>()).GetProperty("detail").GetString();
    }

    private async Task<Study> DraftAsync(StudyDrafts drafts)
    {
        await using var db = database.Open();
        var world = await StudyWorld.Create(suffix: " " + Guid.CreateVersion7()).SaveAsync(db);
        return await drafts.CreateAsync("A draft", world.MetamerSets, mainTrials: 8);
    }
}

public sealed class StudySimulationOnSqliteTests(SqliteDatabase database) : StudySimulationTests(database), IClassFixture<SqliteDatabase>;

public sealed class StudySimulationOnPostgresTests(PostgresDatabase database) : StudySimulationTests(database), IClassFixture<PostgresDatabase>;
