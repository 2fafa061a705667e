using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.OnDemand;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Tests.Participation.OnDemand;

/// <summary>Sounds that are made while a study runs, in a study that began without a single metamer.</summary>
public sealed class SoundOnDemandTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task A_study_begins_with_recordings_alone_and_plays_metamers_of_them()
    {
        await using var server = await database.StartServerAsync();
        var world = await ToneWorld.MakeAsync(server);
        var drafts = server.Services.GetRequiredService<StudyDrafts>();
        var study = await drafts.CreateAsync("tones on demand", [world.NaturalSet], mainTrials: 6, practiceTrials: 0);
        await using var db = server.OpenDatabase();
        var material = await StudyMaterial.LoadAsync(db, study.Draft);
        Assert.Equal((StimulusMedium.Sound, 6, 0), (study.Draft.Medium, study.Draft.NaturalStimuli.Length, study.Draft.MetamerSets.Length));
        Assert.Contains(DesignValidator.Validate(study.Draft, null, material), p => p is { Blocking: true, Field: DesignField.Conditions });

        var form = new DesignForm(study.Draft);
        foreach (var stage in (string[])["energy", "pooled"]) form.MakeOnDemand(new StudyCondition(world.Model.Id, world.Stage(stage)), on: true, published: false);
        Assert.Equal("random-shift", form.OnDemand.NullAugmentation);
        form.OnDemand = form.OnDemand with { Steps = 400, NullPairs = 15, NullAugmentation = "none" };
        var design = form.Design(material);
        Assert.DoesNotContain(DesignValidator.Validate(design, null, material), p => p.Blocking);
        Assert.Contains(DesignValidator.Validate(design, null, At(material, 16_000)), p => p.Blocking && p.Sentence.Contains("makes sounds of 16,000 Hz", StringComparison.Ordinal));
        await drafts.SaveAsync(study.Id, study.Name, design, null, false);
        var version = await server.Services.GetRequiredService<StudyPublisher>().PublishAsync(study.Id);

        var session = (await server.Services.GetRequiredService<SessionStart>().StartAsync(study.LinkKey, version.Id, "test")).SessionId;
        await server.Services.GetRequiredService<SessionOrders>().OrderAsync(session, plan: true);
        await world.UntilDoneAsync(version.Id);
        var (files, lengths) = (new Dictionary<Guid, byte[]>(), new HashSet<int>());
        foreach (var trial in await db.Trials.AsNoTracking().Where(t => t.SessionId == session).OrderBy(t => t.Position).ToListAsync())
        {
            files[trial.Id] = await server.Client.GetByteArrayAsync($"/stimuli/{trial.StimulusKey}");
            lengths.Add(files[trial.Id].Length);
        }
        Assert.Single(lengths);
        var shown = await db.Trials.AsNoTracking().Where(t => t.SessionId == session && t.OnDemand && t.Fallback == null).ToListAsync();
        Assert.NotEmpty(shown);
        foreach (var trial in shown)
        {
            var metamer = await db.Stimuli.AsNoTracking().Include(s => s.Metamer).SingleAsync(s => s.Id == trial.StimulusId);
            Assert.True(metamer is { MediaType: "audio/wav", Metamer.Accepted: true } && metamer.Metamer.StageId == trial.StageId);
            var (heard, kept) = (WavFile.Read(files[trial.Id], "heard"), SoundFile.Read(await server.Services.GetRequiredService<BlobStore>().FetchAsync(metamer.Sha256)));
            Assert.Equal(ToneNet.RateHz, heard.RateHz);
            Assert.Equal(kept.Samples, heard.Samples.Take(kept.Samples.Length));
        }
        Assert.Equal(StimulusMedium.Sound, (await (from set in db.StimulusSets join campaign in db.Campaigns on set.Id equals campaign.MetamerSetId where campaign.Id == version.Id select set).SingleAsync()).Medium);
    }

    /// <summary>The same with models of another rate.</summary>
    private static StudyMaterial At(StudyMaterial material, int rateHz) => new([.. material.Naturals.Values], material.Metamers, [.. material.Models.Select(m => m with { RateHz = rateHz })], material.Sets);
}
