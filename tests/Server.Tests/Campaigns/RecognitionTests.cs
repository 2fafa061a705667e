using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>A small campaign in the real synthesis host: its null distributions, and who else recognises what it made.</summary>
public abstract class RecognitionTests(TestDatabase database)
{
    private static readonly PicturePipeline Pipeline = new()
    {
        Width = ColourNet.Side, Height = ColourNet.Side, Categories = new() { ["red"] = [0], ["green"] = [1], ["blue"] = [2] },
    };

    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task Every_model_that_knows_the_category_answers_for_accepted_metamers_and_a_changed_pool_is_measured_anew()
    {
        await using var server = await database.StartServerAsync();
        var registry = server.Services.GetRequiredService<ModelRegistry>();
        var maker = await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx()), "maker.onnx", pipeline: Pipeline);
        await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx(0.3f)), "other.onnx", pipeline: Pipeline);
        // It knows none of the categories, so nobody asks it.
        await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx(0.2f)), "stranger.onnx", pipeline: Pipeline with { Categories = new() { ["yellow"] = [0] } });
        var naturals = await SetAsync(server, "naturals", 1);
        var pool = await SetAsync(server, "pool", 4);

        var first = await RunAsync(server, naturals, pool, maker, "first");
        Assert.Equal(3, first.Metamers.Count);
        Assert.Equal(["maker", "other"], first.Models);
        var (stage, cells) = Assert.Single(first.Rows);
        Assert.Equal(("maker", "opponent"), (stage.Model, stage.Stage));
        // The network sees the category that its own metamers were made for; both see colours in the same way.
        Assert.Equal([new(3, 3), new(3, 3)], cells);

        await AddAsync(server, pool, "red", 9);
        await RunAsync(server, naturals, pool, maker, "second");
        await using var db = server.OpenDatabase();
        var nulls = await db.StageNulls.OrderBy(n => n.Id).ToListAsync();
        Assert.Equal(2, nulls.Count);
        Assert.All(nulls, n => Assert.Equal((500, "none"), (n.Pairs, n.Augmentation)));
        Assert.NotEqual(nulls[0].PoolSha256, nulls[1].PoolSha256);
        Assert.Equal(nulls[1].Id, (await CampaignStatus.LoadAsync(db, (await db.Campaigns.FirstAsync(c => c.Name == "second")).Id))!.Stages.Single().Null!.Id);
    }

    // What the engine says of its jobs.
    private static string Engine(RunningServer server)
    {
        var engine = server.Services.GetRequiredService<JobStorage>().GetMonitoringApi();
        var jobs = engine.ProcessingJobs(0, 20).Select(j => j.Key).Concat(engine.ScheduledJobs(0, 20).Select(j => j.Key)).Concat(engine.FailedJobs(0, 20).Select(j => j.Key));
        return string.Join("; ", jobs.Select(id => engine.JobDetails(id)).Select(job => $"{job.Job?.Method.Name}: {string.Join(", ", job.History.Select(h => $"{h.StateName} {h.Reason}"))}"));
    }

    private static async Task<Recognition> RunAsync(RunningServer server, Guid naturals, Guid pool, RegisteredModel model, string name)
    {
        var campaign = await server.Services.GetRequiredService<CampaignService>().StartAsync(new()
        {
            Name = name, NaturalSetId = naturals, PoolSetId = pool, StageIds = [model.Stages.Single(s => s.Name == "opponent").Id], Preset = "fast", Steps = 300,
            NullPairs = 500, NullAugmentation = "none",
        });
        var (_, made) = await Wait.UntilAsync(
            async () =>
            {
                await using var db = server.OpenDatabase();
                var jobs = await db.SynthesisJobs.AsNoTracking().Where(j => j.CampaignId == campaign.Id).ToListAsync();
                Assert.DoesNotContain(jobs, j => j.State == SynthesisState.Failed);
                return (Jobs: jobs, Recognition: await Recognition.LoadAsync(db, campaign.Id));
            },
            now => now.Jobs.TrueForAll(j => j.State == SynthesisState.Done) && now.Recognition.Missing == 0,
            now => $"{string.Join(", ", now.Jobs.Select(j => $"{j.State} at step {j.StepsDone}"))}; {now.Recognition.Missing} answers missing. {Engine(server)}");
        return made;
    }

    private static async Task<Guid> SetAsync(RunningServer server, string name, int ofEach)
    {
        var set = await server.Services.GetRequiredService<StimulusSets>().CreateAsync(name);
        foreach (var category in ColourNet.Categories)
            await AddAsync(server, set.Id, category, [.. Enumerable.Range(name == "pool" ? 20 : 0, ofEach)]);
        return set.Id;
    }

    private static async Task AddAsync(RunningServer server, Guid set, string category, params int[] numbers)
    {
        using var upload = server.Services.GetRequiredService<StimulusSets>().BeginUpload(set);
        foreach (var n in numbers) await upload.Batch.AddAsync($"{category}-{n}.png", new MemoryStream(ColourNet.Picture(category, n)));
        Assert.Empty((await upload.FinishAsync(category)).LeftOut);
    }
}

public sealed class RecognitionOnSqliteTests(SqliteDatabase database) : RecognitionTests(database), IClassFixture<SqliteDatabase>;

public sealed class RecognitionOnPostgresTests(PostgresDatabase database) : RecognitionTests(database), IClassFixture<PostgresDatabase>;
