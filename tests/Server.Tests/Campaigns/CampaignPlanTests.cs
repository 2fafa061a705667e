using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>What keeps a campaign from starting: each has a sentence, and nothing is written.</summary>
public abstract class CampaignPlanTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task What_cannot_start_says_why_and_leaves_no_rows()
    {
        // No worker on PostgreSQL; on SQLite the server always is its own, and begins with syntheses that it cannot end within this test.
        await using var server = await database.StartServerAsync("--Worker:InServer=false");
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        var registry = server.Services.GetRequiredService<ModelRegistry>();
        var path = server.Services.GetRequiredService<DataFolder>().NewTemporaryPath(".json");
        await File.WriteAllTextAsync(path, ColourNet.Pipeline);
        var pipeline = PicturePipelineFile.Read(path);
        var model = await registry.RegisterAsync(new MemoryStream(ColourNet.OnnxWithoutGradient()), "hardmax.onnx", pipeline: pipeline);
        var bare = await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx()), "bare.onnx");
        var set = await SetAsync(server);
        var good = new CampaignPlan { Name = "good", NaturalSetId = set.Id, StageIds = [Stage(model, "opponent")], Preset = "feather2023", Steps = 1_000_000 };

        await RefusedAsync(good with { StageIds = [Guid.CreateVersion7()] }, "A stage that was picked does not exist (any more)");
        await RefusedAsync(good with { StageIds = [] }, "Pick at least one stage.");
        await RefusedAsync(good with { StageIds = [Stage(model, "pooled")] }, "No metamer can be made at pooled: Node node_rectified uses the operator Hardmax");
        await RefusedAsync(good with { StageIds = [Stage(bare, "pooled")] }, "bare does not know the categories yet");
        await RefusedAsync(good with { Preset = "slow" }, "There is no preset slow: take feather2023 or fast.");
        await RefusedAsync(good with { Steps = 0 }, "The number of steps must be between 1 and 1,000,000.");
        await RefusedAsync(good with { NaturalSetId = Guid.CreateVersion7() }, "The natural set has no pictures");
        await RefusedAsync(good with { Name = " " }, "Please give the campaign a name");

        var campaign = await campaigns.StartAsync(good);
        await RefusedAsync(good, "Another campaign is called “good”");
        await campaigns.CancelAsync(campaign.Id);
        await using var db = server.OpenDatabase();
        Assert.All(await db.SynthesisJobs.ToListAsync(), job => Assert.Equal(SynthesisState.Cancelled, job.State));
        Assert.Equal(2, await campaigns.RetryAsync(campaign.Id));
        Assert.Equal(2, await db.SynthesisJobs.CountAsync(j => j.State == SynthesisState.Queued || j.State == SynthesisState.Running));

        async Task RefusedAsync(CampaignPlan plan, string sentence)
        {
            await using var look = server.OpenDatabase();
            var before = await look.SynthesisJobs.CountAsync();
            Assert.Contains(sentence, (await Assert.ThrowsAsync<RefusedException>(() => campaigns.StartAsync(plan))).Message);
            Assert.Equal(before, await look.SynthesisJobs.CountAsync());
        }
    }

    private static Guid Stage(RegisteredModel model, string name) => model.Stages.Single(s => s.Name == name).Id;

    private static async Task<StimulusSet> SetAsync(RunningServer server)
    {
        var sets = server.Services.GetRequiredService<StimulusSets>();
        var set = await sets.CreateAsync("colours");
        using var upload = sets.BeginUpload(set.Id);
        foreach (var n in (int[])[0, 1]) await upload.Batch.AddAsync($"red-{n}.png", new MemoryStream(ColourNet.Picture("red", n)));
        await upload.Batch.AddAsync("letter.png", new MemoryStream("Dear colleague,"u8.ToArray()));
        var added = await upload.FinishAsync("red");
        Assert.Equal((2, "letter.png"), (added.Added, added.LeftOut.Single().FileName));
        return set;
    }
}

public sealed class CampaignPlanOnSqliteTests(SqliteDatabase database) : CampaignPlanTests(database), IClassFixture<SqliteDatabase>;

public sealed class CampaignPlanOnPostgresTests(PostgresDatabase database) : CampaignPlanTests(database), IClassFixture<PostgresDatabase>;
