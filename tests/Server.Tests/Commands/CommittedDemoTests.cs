using System.Security.Cryptography;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Commands.Demo;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>The demo as the repository holds it: what a newcomer's first start loads.</summary>
public sealed class CommittedDemoTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private static readonly string[] Stages = ["relu2", "relu3", "relu4", "relu5", "dense_relu", "logits"];

    // The build copies it beside the program, as for the server.
    private readonly DemoFolder folder = DemoFolder.Of(new ConfigurationBuilder().Build());

    [Fact]
    public async Task Every_metamer_met_its_criteria_and_its_manifest_tells_of_it()
    {
        var pictures = (await folder.PicturesAsync(default)).ToDictionary(p => p.Sha256);
        var models = folder.Models.ToDictionary(file => Path.GetFileNameWithoutExtension(file), Sha256);
        Assert.Equal(["robust", "standard"], models.Keys.Order());
        Assert.Equal(16, pictures.Values.Select(p => p.Category).Distinct().Count());
        foreach (var (model, sha256) in models)
        {
            foreach (var metamer in await folder.MetamersAsync(model, default))
            {
                var (manifest, path) = (metamer.Manifest, metamer.Path);
                Assert.True(manifest.Result.Accepted && manifest.Result.Reasons.Length == 0, path);
                Assert.Equal((sha256, Sha256(path)), (manifest.Plan.ModelSha256, manifest.PngSha256));
                Assert.Equal(Path.GetFileName(Path.GetDirectoryName(path)), manifest.Plan.Tensor);
                Assert.Equal(Path.GetFileNameWithoutExtension(path), pictures[manifest.NaturalSha256].Name);
                // What acceptance means, judged again from the figures of the manifest.
                Assert.Equal(manifest.NaturalAnswer.Category, manifest.MetamerAnswer.Category);
                var (result, chance) = (manifest.Result, Assert.IsType<MatchByChance>(manifest.Chance));
                Assert.True(result.Spearman > chance.Max.Spearman && result.Pearson > chance.Max.Pearson && result.PaperSnrDb > chance.Max.PaperSnrDb, path);
            }
        }
    }

    [Fact]
    public async Task It_seeds_an_open_study_whose_trials_show_metamers_of_all_cells()
    {
        await using (var services = SeedServices.Of(database))
            Assert.True((await services.GetRequiredService<DemoSeed>().RunAsync(folder)).Done);

        await using var db = database.Open();
        Assert.Equal(["robust", "standard"], (await db.Models.Select(m => m.Name).ToListAsync()).Order());
        Assert.Equal(StudyState.Open, (await db.Studies.SingleAsync()).State);
        // The campaign's pages show by how much chance was beaten: at each of six stages of each network.
        var nulls = await db.StageNulls.ToListAsync();
        Assert.Equal(12, nulls.Count);
        Assert.All(nulls, n => Assert.True(n is { Pairs: 10_000, MaxSpearman: > 0 and < 1, MaxPearson: > 0 and < 1 }));
        Assert.All(await db.Campaigns.ToListAsync(), c => Assert.Equal((1_200, 10_000), (c.Steps, c.NullPairs)));
        var metamers = await db.Metamers.ToListAsync();
        Assert.All(metamers, m => Assert.True(m.Accepted));
        var stages = await db.Models.SelectMany(m => m.Stages, (m, s) => new { s.Id, Cell = m.Name + "/" + s.Name }).ToDictionaryAsync(s => s.Id, s => s.Cell);
        var cells = metamers.CountBy(m => stages[m.StageId]).ToDictionary();
        Assert.Equal(Stages.SelectMany(stage => new[] { "robust/" + stage, "standard/" + stage }).Order(), cells.Keys.Order());
        Assert.All(cells.Values, count => Assert.InRange(count, 20, 24));

        var version = await db.StudyVersions.SingleAsync();
        Assert.Equal(13, version.Design.Conditions.Length);
        Assert.Equal(cells.Values.Sum(), version.Design.Metamers.Length);
        var start = new SessionStart(database.Services.GetRequiredService<IDbContextFactory<StudyDb>>(), TimeProvider.System);
        for (var seed = 1; seed <= 13; seed++) await start.StartSyntheticAsync(version.Id, seed);
        var trials = await db.Trials.Where(t => t.Phase == TrialPhase.Main).ToListAsync();
        Assert.Equal(13 * 40, trials.Count);
        Assert.InRange(trials.Count(t => t.Swapped), 0, 5);
        // 13 sessions of 40 trials in 13 conditions: each is shown 40 times.
        Assert.All(trials.CountBy(t => (t.ModelId, t.StageId)), condition => Assert.InRange(condition.Value, 38, 42));
        Assert.All(trials.GroupBy(t => t.SessionId), session => Assert.Equal(40, session.Select(t => t.NaturalStimulusId).Distinct().Count()));
    }

    private static string Sha256(string file) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)));
}
