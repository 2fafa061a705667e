using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.FrontEnds;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>The network of colours and two pictures of each colour on a server, under names of their own.</summary>
internal sealed class ColourWorld
{
    public static readonly PicturePipeline Pipeline = new()
    {
        Width = ColourNet.Side, Height = ColourNet.Side, Categories = new() { ["red"] = [0], ["green"] = [1], ["blue"] = [2] },
    };

    private readonly RunningServer server;

    private ColourWorld(RunningServer server) => this.server = server;

    public required RegisteredModel Model { get; init; }
    public required Guid NaturalSet { get; init; }
    public required Guid[] Naturals { get; init; }

    /// <summary>Makes it on an empty server; tests of one class that share a database forget what the one before left.</summary>
    public static async Task<ColourWorld> MakeAsync(RunningServer server)
    {
        await ForgetAsync(server);
        var model = await server.Services.GetRequiredService<ModelRegistry>().RegisterAsync(new MemoryStream(ColourNet.Onnx()), "colours.onnx", pipeline: Pipeline);
        var set = await server.Services.GetRequiredService<StimulusSets>().CreateAsync("naturals");
        foreach (var category in ColourNet.Categories)
            await AddAsync(server, set.Id, category, [.. Enumerable.Range(0, 2).Select(n => ($"{category}-{n}.png", ColourNet.Picture(category, n)))]);
        await using var db = server.OpenDatabase();
        return new ColourWorld(server) { Model = model, NaturalSet = set.Id, Naturals = await db.Stimuli.Where(s => s.SetId == set.Id).OrderBy(s => s.Id).Select(s => s.Id).ToArrayAsync() };
    }

    public static async Task AddAsync(RunningServer server, Guid set, string category, params (string Name, byte[] Png)[] pictures)
    {
        using var upload = server.Services.GetRequiredService<StimulusSets>().BeginUpload(set);
        foreach (var (name, png) in pictures) await upload.Batch.AddAsync(name, new MemoryStream(png));
        Assert.Empty((await upload.FinishAsync(category)).LeftOut);
    }

    public CampaignPlan Plan(string name, params string[] stages) => new()
    {
        Name = name, NaturalSetId = NaturalSet, StageIds = [.. stages.Select(Stage)], Preset = "fast", Steps = 300, NullPairs = 15, NullAugmentation = "none",
    };

    public LookWish Look(string stage, int steps) => new(Stage(stage), Naturals[0], "fast", steps, 1);

    public Guid Stage(string name) => Model.Stages.Single(s => s.Name == name).Id;

    public async Task<List<SynthesisJob>> JobsAsync(Guid campaign)
    {
        await using var db = server.OpenDatabase();
        return await db.SynthesisJobs.AsNoTracking().Where(j => j.CampaignId == campaign).OrderBy(j => j.Id).ToListAsync();
    }

    public Task UntilAsync(Guid campaign, Predicate<List<SynthesisJob>> reached) => Wait.UntilAsync(
        async () =>
        {
            var jobs = await JobsAsync(campaign);
            Assert.DoesNotContain(jobs, j => j.State == SynthesisState.Failed);
            return jobs;
        },
        reached, jobs => $"{string.Join(", ", jobs.Select(j => $"{j.State} at step {j.StepsDone} {j.Failure}"))}.");

    internal static async Task ForgetAsync(RunningServer server)
    {
        await using var db = server.OpenDatabase();
        const string Between = "between tests";
        await db.Campaigns.Unaudited(Between).ExecuteDeleteAsync();
        await db.Metamers.Unaudited(Between).ExecuteDeleteAsync();
        await db.StimulusSets.Unaudited(Between).ExecuteDeleteAsync();
        await db.Models.Unaudited(Between).ExecuteDeleteAsync();
    }
}
