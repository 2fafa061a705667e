using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Stimuli;

/// <summary>A set goes out as a zip and comes in again: the same bytes, the same measures, the same factors.</summary>
public sealed class MetamerImportTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task What_is_exported_can_be_imported_with_the_same_bytes_and_measures()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var campaign = await server.Services.GetRequiredService<CampaignService>().StartAsync(world.Plan("made", "opponent", "pooled"));
        await world.UntilAsync(campaign.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        await using var db = server.OpenDatabase();
        var original = await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == campaign.MetamerSetId)).OrderBy(m => m.Sha256).ToListAsync();

        var client = await server.SignInAsync();
        var zip = await client.GetByteArrayAsync($"/admin/stimuli/{campaign.MetamerSetId}/export.zip");
        using (var archive = new ZipArchive(new MemoryStream(zip)))
        {
            Assert.Equal(12 + 6 + 2, archive.Entries.Count);
            Assert.Contains(archive.Entries, e => e.FullName == "metamers/colours/opponent/red/red-0_seed0.png");
            using var csv = new StreamReader(archive.GetEntry("pictures.csv")!.Open());
            var lines = (await csv.ReadToEndAsync()).Split('\n', StringSplitOptions.RemoveEmptyEntries);
            Assert.Equal(19, lines.Length);
            Assert.All(original, m => Assert.Contains(lines, l => l.Contains(m.Sha256)));
        }

        var sets = server.Services.GetRequiredService<StimulusSets>();
        using var upload = sets.BeginImport();
        await upload.Batch.AddAsync("made.zip", new MemoryStream(zip));
        var preview = ImportPreview.Of(upload.Batch.Files(null), ImportLayout.Exported);
        Assert.Equal((12, 6, 0), (preview.Metamers.Count, preview.Naturals.Count, preview.Others.Count));
        var import = server.Services.GetRequiredService<MetamerImport>();
        var plan = new MetamerImportPlan
        {
            SetName = "again", ComparedElsewhere = true, Licence = "CC0", Stages = preview.Stages.ToDictionary(s => s, s => world.Stage(s.Stage)),
        };
        var (set, result) = await import.RunAsync(preview, plan);
        Assert.Equal((12, 0), (result.Added, result.LeftOut.Count));
        var imported = await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == set!.Id)).OrderBy(m => m.Sha256).ToListAsync();
        Assert.Equal(original.Select(m => (m.Sha256, m.Category, m.Name, m.StageId, m.Seed, m.NaturalSha256)), imported.Select(m => (m.Sha256, m.Category, m.Name, m.StageId, m.Seed, m.NaturalSha256)));
        Assert.All(original.Zip(imported), pair =>
        {
            Assert.Equal(pair.First.Pearson, pair.Second.Pearson, 9);
            Assert.Equal(pair.First.Spearman, pair.Second.Spearman, 9);
            Assert.Equal(pair.First.PaperSnrDb, pair.Second.PaperSnrDb, 6);
            Assert.Equal(pair.First.LossOfSavedFile, pair.Second.LossOfSavedFile, 6);
            Assert.Equal(MetamerState.Accepted, pair.Second.State);
        });

        // A stage that nobody chose, and the word that they were not compared with chance: named, and not accepted.
        var some = plan with { SetName = "some", NaturalSetId = world.NaturalSet, ComparedElsewhere = false, Stages = plan.Stages.Where(s => s.Key.Stage == "pooled").ToDictionary() };
        var (part, partly) = await import.RunAsync(preview, some);
        Assert.Equal((6, 6), (partly.Added, partly.LeftOut.Count));
        Assert.All(partly.LeftOut, l => Assert.Equal("No registered stage was chosen for opponent.", l.Sentence));
        Assert.All(await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == part!.Id)).ToListAsync(), m => Assert.Equal((MetamerState.Failed, "The match was not compared with chance."), (m.State, m.Reasons)));

        // Where nothing can be taken, nothing stays.
        var elsewhere = await sets.CreateAsync("elsewhere");
        var (none, nothing) = await import.RunAsync(preview, plan with { SetName = "nothing", NaturalSetId = elsewhere.Id });
        Assert.Null(none);
        Assert.All(nothing.LeftOut, l => Assert.Contains("There is no natural stimulus", l.Sentence));
        Assert.False(await db.StimulusSets.AnyAsync(s => s.Name == "nothing"));
        Assert.Contains("Another set is called", (await Assert.ThrowsAsync<RefusedException>(() => import.RunAsync(preview, plan))).Message);
        Assert.Equal(System.Net.HttpStatusCode.NotFound, (await client.GetAsync($"/admin/stimuli/{Guid.NewGuid()}/export.zip")).StatusCode);
    }
}
