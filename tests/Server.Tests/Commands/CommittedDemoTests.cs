using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Commands.Demo;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>The demo as the repository holds it: what a newcomer's first start loads.</summary>
public sealed class CommittedDemoTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    // The build copies it beside the program, as for the server.
    private readonly DemoFolder folder = DemoFolder.Of(new ConfigurationBuilder().Build());

    [Fact]
    public async Task Every_metamer_met_its_criteria_and_its_manifest_tells_of_it()
    {
        Assert.Equal(["pictures", "words"], folder.Parts.Select(p => p.Name));
        foreach (var part in folder.Parts)
        {
            var naturals = (await part.NaturalsAsync(default)).ToDictionary(n => n.Sha256);
            Assert.Equal(part.Pipeline().Categories.Keys.Order(), naturals.Values.Select(n => n.Category).Distinct().Order());
            foreach (var (model, sha256) in part.Models.ToDictionary(file => Path.GetFileNameWithoutExtension(file), Sha256))
            {
                foreach (var metamer in await part.MetamersAsync(model, default))
                {
                    var (manifest, path) = (metamer.Manifest, metamer.Path);
                    Assert.True(manifest.Result.Accepted && manifest.Result.Reasons.Length == 0, path);
                    Assert.Equal((sha256, Sha256(path)), (manifest.Plan.ModelSha256, metamer.Sha256));
                    Assert.Equal(Path.GetFileName(Path.GetDirectoryName(path)), manifest.Plan.Tensor);
                    Assert.Equal(Path.GetFileNameWithoutExtension(path), naturals[manifest.NaturalSha256].Name);
                    // What acceptance means, judged again from the figures of the manifest.
                    Assert.Equal(manifest.NaturalAnswer.Category, manifest.MetamerAnswer.Category);
                    var (result, chance) = (manifest.Result, Assert.IsType<MatchByChance>(manifest.Chance));
                    Assert.True(result.Spearman > chance.Max.Spearman && result.Pearson > chance.Max.Pearson && result.PaperSnrDb > chance.Max.PaperSnrDb, path);
                }
            }
        }
    }

    [Fact]
    public void It_stays_within_20_MiB() =>
        Assert.InRange(Directory.EnumerateFiles(folder.Path, "*", SearchOption.AllDirectories).Sum(file => new FileInfo(file).Length), 1, 20 << 20);

    [Fact]
    public async Task It_seeds_open_studies_whose_trials_show_metamers_of_all_cells()
    {
        await using (var services = SeedServices.Of(database))
            Assert.True((await services.GetRequiredService<DemoSeed>().RunAsync(folder)).Done);

        await using var db = database.Open();
        Assert.Equal(["robust", "standard", "words-robust", "words-standard"], (await db.Models.Select(m => m.Name).ToListAsync()).Order());
        Assert.All(await db.Studies.ToListAsync(), s => Assert.Equal(StudyState.Open, s.State));
        // The campaign's pages show by how much chance was beaten: at each of six stages of each network.
        var nulls = await db.StageNulls.ToListAsync();
        Assert.Equal(24, nulls.Count);
        Assert.All(nulls, n => Assert.True(n is { Pairs: 10_000, MaxSpearman: > 0 and < 1, MaxPearson: > 0 and < 1 }));
        Assert.All(await db.Campaigns.ToListAsync(), c => Assert.Equal(10_000, c.NullPairs));
        Assert.All(await db.Metamers.ToListAsync(), m => Assert.True(m.Accepted));
        await CheckAsync(db, "demo", 40, StimulusMedium.Picture, ["robust", "standard"], ["relu2", "relu3", "relu4", "relu5", "dense_relu", "logits"], fewest: 20, most: 24);
        await CheckAsync(db, "demo-words", 24, StimulusMedium.Sound, ["words-robust", "words-standard"], ["relu1", "relu2", "relu3", "relu4", "dense_relu", "logits"], fewest: 4, most: 6);
    }

    // So many trials of a session; the cells of a study, and how many metamers each holds.
    private async Task CheckAsync(StudyDb db, string link, int perSession, StimulusMedium medium, string[] models, string[] stages, int fewest, int most)
    {
        var version = await db.StudyVersions.SingleAsync(v => db.Studies.Any(s => s.Id == v.StudyId && s.LinkKey == link));
        var shown = version.Design.Metamers.ToHashSet();
        var names = await db.Models.SelectMany(m => m.Stages, (m, s) => new { s.Id, Cell = m.Name + "/" + s.Name }).ToDictionaryAsync(s => s.Id, s => s.Cell);
        var cells = (await db.Metamers.ToListAsync()).Where(m => shown.Contains(m.StimulusId)).CountBy(m => names[m.StageId]).ToDictionary();
        Assert.Equal(models.SelectMany(model => stages.Select(stage => $"{model}/{stage}")).Order(), cells.Keys.Order());
        Assert.All(cells.Values, count => Assert.InRange(count, fewest, most));
        Assert.Equal(medium, version.Design.Medium);
        Assert.Equal(13, version.Design.Conditions.Length);
        Assert.Equal(cells.Values.Sum(), shown.Count);

        var start = new SessionStart(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        for (var seed = 1; seed <= 13; seed++) await start.StartSyntheticAsync(version.Id, seed);
        var trials = await db.Trials.Where(t => t.Phase == TrialPhase.Main && !t.IsCatch && db.Sessions.Any(s => s.Id == t.SessionId && s.StudyVersionId == version.Id)).ToListAsync();
        Assert.Equal(13 * perSession, trials.Count);
        Assert.InRange(trials.Count(t => t.Swapped), 0, 5);
        // 13 sessions in 13 conditions: each is shown as often as a session has trials.
        Assert.All(trials.CountBy(t => (t.ModelId, t.StageId)), condition => Assert.InRange(condition.Value, perSession - 2, perSession + 2));
        Assert.All(trials.GroupBy(t => t.SessionId), session => Assert.Equal(perSession, session.Select(t => t.NaturalStimulusId).Distinct().Count()));
    }

    private static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
