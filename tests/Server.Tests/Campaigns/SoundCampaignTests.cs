using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>The researchers' way with sounds, in the real synthesis host: model, campaign, quality control, a set of its own, out as a zip and in again.</summary>
public abstract class SoundCampaignTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task From_a_word_network_to_a_set_of_metamers()
    {
        await using var server = await database.StartServerAsync();
        var world = await ToneWorld.MakeAsync(server);
        var pipeline = Assert.IsType<SoundPipeline>(world.Model.Pipeline);
        Assert.Equal((ToneNet.RateHz, ToneNet.Samples, null), (pipeline.RateHz, pipeline.Samples, pipeline.Cochleagram));
        Assert.Equal(ToneNet.Words, pipeline.Categories.Keys);

        var tried = await server.Services.GetRequiredService<TryOuts>().RunAsync(world.Model.Id, new MemoryStream(ToneNet.Recording("high", 5, 5_000)));
        Assert.Equal(("high", "high"), (tried.Answer.Category, tried.Answer.Top![0].ClassName));
        Assert.NotNull(tried.Wav);
        Assert.Contains("The file is not a sound", (await Assert.ThrowsAsync<RefusedException>(() => server.Services.GetRequiredService<TryOuts>().RunAsync(world.Model.Id, new MemoryStream()))).Message, StringComparison.Ordinal);

        var campaign = await server.Services.GetRequiredService<CampaignService>().StartAsync(world.Plan("tones", "energy", "pooled") with { Rms = 0.08 });
        await world.UntilDoneAsync(campaign.Id);
        await using var db = server.OpenDatabase();
        var (blobs, metamers) = (server.Services.GetRequiredService<BlobStore>(), await db.Stimuli.AsNoTracking().Include(s => s.Metamer).Where(s => s.SetId == campaign.MetamerSetId).ToListAsync());
        Assert.Equal(12, metamers.Count);
        Assert.Equal(StimulusMedium.Sound, (await db.StimulusSets.SingleAsync(s => s.Id == campaign.MetamerSetId)).Medium);
        await Assert.AllAsync(metamers, async m =>
        {
            Assert.Equal(("audio/wav", ToneNet.RateHz, ToneNet.Samples), (m.MediaType, m.Sound!.RateHz, m.Sound.Samples));
            var saved = SoundFile.Read(await blobs.FetchAsync(m.Sha256));
            Assert.Equal((saved.Rms, saved.Peak), (m.Sound.RmsLevel, m.Sound.PeakLevel));
            // All at one level, unless peaks do not allow it; then it is said.
            if (m.Sound.Note is null) Assert.Equal(0.08, m.Sound.RmsLevel, 1e-3);
            else Assert.InRange(m.Sound.PeakLevel, 0.99, 1);
        });

        var quality = (await QualityControl.LoadAsync(db, blobs, campaign.Id))!;
        Assert.Equal(["energy", "pooled"], quality.Stages.Select(s => s.Name.Stage));
        Assert.All(quality.Metamers, m => Assert.Equal((StimulusMedium.Sound, m.NaturalClass), (m.Medium, m.MetamerClass)));
        var accepted = quality.Metamers.Where(m => m.State == MetamerState.Accepted).ToList();
        Assert.InRange(accepted.Count, 4, 12);

        var collected = await server.Services.GetRequiredService<MetamerReview>().CollectAsync([.. accepted.Select(m => m.Id)], null, "chosen tones");
        Assert.Equal((StimulusMedium.Sound, accepted.Count), (collected.Set.Medium, collected.Added));
        Assert.All(await db.Stimuli.AsNoTracking().Where(s => s.SetId == collected.Set.Id).ToListAsync(), s => Assert.NotNull(s.Sound));
        await ComesBackTheSameAsync(server, world, campaign.MetamerSetId!.Value, quality.Metamers);
    }

    private static async Task ComesBackTheSameAsync(RunningServer server, ToneWorld world, Guid set, IReadOnlyList<MetamerRow> original)
    {
        var zip = await (await server.SignInAsync()).GetByteArrayAsync($"/admin/stimuli/{set}/export.zip");
        using var upload = server.Services.GetRequiredService<StimulusSets>().BeginImport();
        await upload.Batch.AddAsync("tones.zip", new MemoryStream(zip));
        var preview = ImportPreview.Of(upload.Batch.Files(null), ImportLayout.ExportedSounds);
        Assert.Equal((12, 6, 0), (preview.Metamers.Count, preview.Naturals.Count, preview.Others.Count));
        var (again, result) = await server.Services.GetRequiredService<MetamerImport>().RunAsync(preview, new MetamerImportPlan
        {
            SetName = "again", ComparedElsewhere = true, Stages = preview.Stages.ToDictionary(s => s, s => world.Stage(s.Stage)),
        });
        Assert.Empty(result.LeftOut);
        await using var db = server.OpenDatabase();
        var imported = await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == again!.Id)).ToListAsync();
        Assert.Equal(original.Select(m => (m.Sha256, m.NaturalSha256, m.StageId)).Order(), imported.Select(m => (m.Sha256, m.NaturalSha256, m.StageId)).Order());
        Assert.All(imported, m => Assert.Equal(original.First(o => o.Sha256 == m.Sha256 && o.StageId == m.StageId).Pearson, m.Pearson, 9));
    }

    [Fact]
    public async Task Pictures_and_sounds_do_not_mix()
    {
        await using var server = await database.StartServerAsync();
        var pictures = await ColourWorld.MakeAsync(server);
        var sounds = await ToneWorld.MakeAsync(server);
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        Assert.Contains("colours takes pictures, but the natural set holds sounds", await RefusalAsync(() => campaigns.StartAsync(pictures.Plan("a", "pooled") with { NaturalSetId = sounds.NaturalSet })), StringComparison.Ordinal);
        Assert.Contains("the pool of random pairs does not", await RefusalAsync(() => campaigns.StartAsync(sounds.Plan("b", "pooled") with { PoolSetId = pictures.NaturalSet })), StringComparison.Ordinal);
        Assert.Contains("Sounds cannot be varied by random-resized-crop: take random-shift or none.", await RefusalAsync(() => campaigns.StartAsync(sounds.Plan("c", "pooled") with { NullAugmentation = "random-resized-crop" })), StringComparison.Ordinal);
        Assert.Contains("A level (RMS) is for sounds", await RefusalAsync(() => campaigns.StartAsync(pictures.Plan("d", "pooled") with { Rms = 0.1 })), StringComparison.Ordinal);
        Assert.Contains("tones takes sounds: choose a set of those.", await RefusalAsync(() => server.Services.GetRequiredService<AccuracyRun>().RequestAsync(sounds.Model.Id, pictures.NaturalSet)), StringComparison.Ordinal);
        Assert.Contains("tones takes sounds: pick one of those.", await RefusalAsync(() => server.Services.GetRequiredService<InstantLooks>().StartAsync(new LookWish(sounds.Stage("pooled"), pictures.Naturals[0]))), StringComparison.Ordinal);

        static async Task<string> RefusalAsync(Func<Task> start) => (await Assert.ThrowsAsync<RefusedException>(start)).Message;
    }

    [Fact]
    public async Task The_accuracy_of_a_word_network_is_measured_on_a_set()
    {
        await using var server = await database.StartServerAsync();
        await ColourWorld.MakeAsync(server);
        var world = await ToneWorld.MakeAsync(server);
        var id = await server.Services.GetRequiredService<AccuracyRun>().RequestAsync(world.Model.Id, world.NaturalSet);
        await using var db = server.OpenDatabase();
        var row = await Wait.UntilAsync(() => db.ModelAccuracies.AsNoTracking().SingleAsync(a => a.Id == id), a => a.EndedAt is not null, _ => "the accuracy is not measured.");
        var figures = AccuracyFigures.Of(row);
        Assert.Equal((6, 6, 0), (figures.Stimuli, figures.Correct, figures.Mistakes.Count));
    }
}

public sealed class SoundCampaignOnSqliteTests(SqliteDatabase database) : SoundCampaignTests(database), IClassFixture<SqliteDatabase>;

public sealed class SoundCampaignOnPostgresTests(PostgresDatabase database) : SoundCampaignTests(database), IClassFixture<PostgresDatabase>;
