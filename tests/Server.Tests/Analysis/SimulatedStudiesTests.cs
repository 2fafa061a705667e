using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Simulation;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Studies;

namespace PerceptionStudy.Server.Tests.Analysis;

/// <summary>
/// Synthetic observers whose proportions correct are known take part in 200 small studies, through the receipt of answers, and come back by the exported
/// file: the intervals hold the truth as often as they say.
/// </summary>
public sealed class SimulatedStudiesTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    private const int Studies = 200, Observers = 6, Trials = 12;
    private static readonly Dictionary<string, double> Truth = new() { ["natural"] = 0.85, ["conv1"] = 0.6, ["block2"] = 0.35 };

    [Fact]
    public async Task Of_200_studies_95_in_100_intervals_hold_the_truth()
    {
        await using var server = await database.StartServerAsync();
        var databases = server.Services.GetRequiredService<IDbContextFactory<StudyDb>>();
        Study study;
        await using (var db = await databases.CreateDbContextAsync())
        {
            var world = await StudyWorld.Create(perCategory: Trials / 4, stages: [.. Truth.Keys.Skip(1)]).SaveAsync(db);
            var drafts = new StudyDrafts(databases, TimeProvider.System);
            study = await drafts.CreateAsync("Known observers", [world.StandardSet.Id], mainTrials: Trials, practiceTrials: 0);
            await drafts.SaveAsync(study.Id, study.Name, study.Draft with { CatchTrials = 0, RecognisingModels = [] }, places: null, listed: false);
        }
        await Publishing.PublisherOf(server.Services).PublishAsync(study.Id);
        var profile = new ObserverProfile { Natural = Truth["natural"], Models = new() { ["standard"] = Truth } };
        await server.Services.GetRequiredService<StudySimulation>().RunAsync(study.Id, Studies * Observers, profile, seed: 1);

        var client = await server.SignInAsync();
        var exported = TrialTable.Read(new StringReader(await client.GetStringAsync($"/admin/studies/{study.Id}/export/trials.csv?synthetic=true")));
        Assert.Equal(Studies * Observers * Trials, exported.Count);

        // Each six sessions in the order of consent are one study.
        var panels = exported.GroupBy(t => (t.Session - 1) / Observers).Select(s => Assert.Single(RecognitionCurve.Of(s).Panels(resamples: 1000))).ToList();
        Assert.Equal(Studies, panels.Count);
        var points = panels.SelectMany(p => Assert.Single(p.Lines).Points).ToLookup(p => p.Stage);
        var held = 0;
        foreach (var (stage, truth) in Truth)
        {
            Assert.Equal(Studies, points[stage].Count());
            // Within four standard errors of the mean of 200 means of 24 trials.
            Assert.Equal(truth, points[stage].Average(p => p.Value.Mean), 4 * Math.Sqrt(truth * (1 - truth) / (Studies * Observers * Trials / 3)));
            held += points[stage].Count(p => p.Interval!.Value.Lower <= truth + 1e-12 && truth <= p.Interval.Value.Upper + 1e-12);
        }
        Assert.InRange(held / (double)(Studies * Truth.Count), 0.92, 0.98);
    }
}
