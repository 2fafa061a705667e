using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>The network of tones and two recordings of each word on a server, under names of their own.</summary>
internal sealed class ToneWorld
{
    private readonly RunningServer server;

    private ToneWorld(RunningServer server) => this.server = server;

    public required RegisteredModel Model { get; init; }
    public required Guid NaturalSet { get; init; }

    public static async Task<ToneWorld> MakeAsync(RunningServer server)
    {
        var sets = server.Services.GetRequiredService<StimulusSets>();
        await using (var db = server.OpenDatabase())
        {
            // Tests of one class share a database.
            if (await db.StimulusSets.AnyAsync(s => s.Name == "tones")) await ColourWorld.ForgetAsync(server);
        }
        // As a page or program does it: the file tells the pipeline.
        var model = await server.Services.GetRequiredService<ModelRegistry>().RegisterAsync(new MemoryStream(ToneNet.Onnx()), "tones.onnx");
        var set = await sets.CreateAsync("tones", medium: StimulusMedium.Sound, soundForm: new SoundForm { RateHz = ToneNet.RateHz, Seconds = (double)ToneNet.Samples / ToneNet.RateHz });
        using var upload = sets.BeginUpload(set.Id, StimulusMedium.Sound);
        foreach (var word in ToneNet.Words)
        {
            for (var n = 0; n < 2; n++) await upload.Batch.AddAsync($"{word}/{word}-{n}.wav", new MemoryStream(ToneNet.Recording(word, n)));
        }
        Assert.Empty((await upload.FinishAsync(null)).LeftOut);
        return new ToneWorld(server) { Model = model, NaturalSet = set.Id };
    }

    public CampaignPlan Plan(string name, params string[] stages) => new()
    {
        Name = name, NaturalSetId = NaturalSet, StageIds = [.. stages.Select(Stage)], Preset = "fast", Steps = 400, NullPairs = 15, NullAugmentation = "none",
    };

    public Guid Stage(string name) => Model.Stages.Single(s => s.Name == name).Id;

    public Task UntilDoneAsync(Guid campaign) => Wait.UntilAsync(
        async () =>
        {
            await using var db = server.OpenDatabase();
            var states = await db.SynthesisJobs.Where(j => j.CampaignId == campaign).Select(j => j.State).ToListAsync();
            Assert.DoesNotContain(SynthesisState.Failed, states);
            return states;
        },
        states => states.TrueForAll(s => s == SynthesisState.Done), states => $"the campaign is not done: {string.Join(", ", states)}.");
}
