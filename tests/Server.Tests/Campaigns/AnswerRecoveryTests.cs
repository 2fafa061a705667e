using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>Answers of models about metamers, whose order was lost with the embedded engine's memory.</summary>
public abstract class AnswerRecoveryTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_starting_server_asks_again_for_what_was_asked_and_never_answered()
    {
        int answers;
        Guid campaign, late;
        await using (var server = await database.StartServerAsync())
        {
            var world = await ColourWorld.MakeAsync(server);
            campaign = (await server.Services.GetRequiredService<CampaignService>().StartAsync(world.Plan("answered", "opponent"))).Id;
            await world.UntilAsync(campaign, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
            answers = await UntilAnsweredAsync(server, campaign, model: world.Model.Id);
            Assert.True(answers > 0);
            // A model that came later was not asked; whoever wants to know asks it on the campaign's page.
            late = (await server.Services.GetRequiredService<ModelRegistry>().RegisterAsync(new MemoryStream(ColourNet.Onnx(0.3f)), "late.onnx", pipeline: ColourWorld.Pipeline)).Id;
        }
        await using (var db = database.Open()) Assert.Equal(answers, await db.ModelAnswers.ExecuteDeleteAsync());

        await using (var server = await database.StartServerAsync())
        {
            await using var db = server.OpenDatabase();
            var model = (await db.Models.FirstAsync(m => m.Id != late)).Id;
            Assert.Equal(answers, await UntilAnsweredAsync(server, campaign, model));
            Assert.False(await db.ModelAnswers.AnyAsync(a => a.ModelId == late));
        }
    }

    // The number of answers when none is missing for the model any more.
    private static async Task<int> UntilAnsweredAsync(RunningServer server, Guid campaign, Guid model)
    {
        await using var db = server.OpenDatabase();
        var accepted = db.Stimuli.Where(s => s.Metamer!.MeetsCriteria && db.SynthesisJobs.Any(j => j.CampaignId == campaign && j.MetamerStimulusId == s.Id));
        await Wait.UntilAsync(() => accepted.AllAsync(s => db.ModelAnswers.Any(a => a.ModelId == model && a.StimulusId == s.Id)), "all answers are there");
        return await db.ModelAnswers.CountAsync();
    }
}

public sealed class AnswerRecoveryOnSqliteTests(SqliteDatabase database) : AnswerRecoveryTests(database), IClassFixture<SqliteDatabase>;

public sealed class AnswerRecoveryOnPostgresTests(PostgresDatabase database) : AnswerRecoveryTests(database), IClassFixture<PostgresDatabase>;
