using System.Diagnostics;
using Hangfire;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Server.Commands.Demo;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Commands;

public abstract class SeedDemoTests(TestDatabase database, SmallDemo demo, bool embedded)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task The_demo_is_seeded_once_and_can_be_taken()
    {
        var folder = new DemoFolder(await demo.FolderAsync());
        await using (var services = SeedServices.Of(database))
        {
            // The first start waits for it.
            await Measured.OneOfThreeAsync("seeding the demo", async () =>
            {
                await EmptyAsync();
                var watch = Stopwatch.StartNew();
                Assert.True((await services.GetRequiredService<DemoSeed>().RunAsync(folder)).Done);
                return (watch.Elapsed < TimeSpan.FromSeconds(10), $"{watch.Elapsed.TotalSeconds:0.0} s");
            });
            Assert.Equal(new DemoSeeded(false, "The demo is here already."), await services.GetRequiredService<DemoSeed>().RunAsync(folder));
        }

        await using var db = database.Open();
        Assert.Equal(["robust", "standard"], (await db.Models.Select(m => m.Name).ToListAsync()).Order());
        Assert.Equal(9, await db.Stimuli.CountAsync(s => s.Metamer == null && db.StimulusSets.Any(set => set.Id == s.SetId && set.Name == "demo: pictures")));
        // 2 models, 6 pictures, 2 stages.
        var metamers = await db.Stimuli.Include(s => s.Metamer).Where(s => s.Metamer != null).ToListAsync();
        Assert.Equal(24, metamers.Count);
        Assert.Equal(24, metamers.Select(m => (m.Metamer!.NaturalStimulusId, m.Metamer.ModelId, m.Metamer.StageId)).Distinct().Count());
        var failed = metamers.Where(m => !m.Metamer!.Accepted).ToList();
        Assert.InRange(failed.Count, 3, 6);
        Assert.All(failed, m => Assert.NotEmpty(m.Metamer!.Reasons));
        Assert.All(metamers, m => Assert.Equal((32, 32), (m.Width, m.Height)));
        Assert.All(await db.SynthesisJobs.ToListAsync(), j => Assert.Equal(SynthesisState.Done, j.State));
        Assert.Equal(2, await db.Campaigns.CountAsync());
        var blobs = database.Services.GetRequiredService<BlobStore>();
        await Assert.AllAsync(await db.Stimuli.Select(s => s.Sha256).ToListAsync(), async sha256 => Assert.True(await blobs.ExistsAsync(sha256)));

        var version = await db.StudyVersions.SingleAsync();
        Assert.Equal(StudyState.Open, (await db.Studies.SingleAsync()).State);
        Assert.Equal(24 - failed.Count, version.Design.Metamers.Length);
        Assert.Equal(5, version.Design.Conditions.Length);
        Assert.Equal(3, version.Design.PracticeStimuli.Length);

        // The server offers it, a person can begin, and the models answer what the manifests did not know.
        await using var server = await database.StartServerAsync();
        Assert.Contains("/s/demo", await server.Client.GetStringAsync("/"));
        Assert.Contains("to the network they look the same", await server.Client.GetStringAsync("/s/demo"));
        var session = await server.Services.GetRequiredService<SessionStart>().StartAsync("demo", version.Id, null);
        Assert.Equal(3 + 6, await db.Trials.CountAsync(t => t.SessionId == session.SessionId));
        var all = 2 * (version.Design.NaturalStimuli.Length + version.Design.Metamers.Length);
        await Wait.UntilAsync(() => AnsweredAsync(version), answered => answered == all, answered =>
        {
            var jobs = server.Services.GetRequiredService<JobStorage>().GetMonitoringApi().GetStatistics();
            return $"{answered} of {all} answers; {jobs.Servers} workers, {jobs.Enqueued} jobs waiting, {jobs.Processing} running, {jobs.Scheduled} put off, {jobs.Failed} failed, {jobs.Succeeded} done.";
        });
    }

    [Fact]
    public async Task A_first_start_seeds_an_empty_embedded_database_only()
    {
        var folder = await demo.FolderAsync();
        async Task<int> StudiesAfterStartAsync(params string[] settings)
        {
            await using var app = ServerHost.Build([.. database.Settings.Select(s => $"--{s.Key}={s.Value}"), "--Logging:LogLevel:Default=None", .. settings]);
            await SeedDemoCommand.SeedEmptyAsync(app, default);
            await using var db = database.Open();
            return await db.Studies.CountAsync();
        }
        await EmptyAsync();
        Assert.Equal(0, await StudiesAfterStartAsync($"--DemoFolder={folder}", "--Demo=false"));
        Assert.Equal(0, await StudiesAfterStartAsync($"--DemoFolder={folder}/nowhere"));
        Assert.Equal(embedded ? 1 : 0, await StudiesAfterStartAsync($"--DemoFolder={folder}"));
        Assert.Equal(1, await StudiesAfterStartAsync($"--DemoFolder={folder}", "--Demo=true"));

        // Somebody works here: what they deleted does not come back.
        await EmptyAsync();
        await using (var db = database.Open())
        {
            db.StimulusSets.Add(new StimulusSet { Id = Guid.CreateVersion7(), Name = "mine" });
            await db.SaveChangesAsync();
        }
        Assert.Equal(0, await StudiesAfterStartAsync($"--DemoFolder={folder}", "--Demo=true"));
    }

    [Fact]
    public async Task A_demo_that_does_not_fit_together_leaves_nothing_behind()
    {
        await EmptyAsync();
        var spoilt = await demo.CopyAsync(database.Services.GetRequiredService<DataFolder>().NewTemporaryPath());
        var stage = Path.Combine(spoilt, "metamers", "standard", "pooled");
        File.Copy(Path.Combine(stage, "red_scene-0.png"), Path.Combine(stage, "red_scene-1.png"), overwrite: true);

        await using var services = SeedServices.Of(database);
        var refusal = await Assert.ThrowsAsync<RefusedException>(() => services.GetRequiredService<DemoSeed>().RunAsync(new DemoFolder(spoilt)));

        Assert.Contains("tells of another file", refusal.Message);
        Assert.True(await services.GetRequiredService<DemoSeed>().IsUntouchedAsync());
    }

    private async Task<int> AnsweredAsync(StudyVersion version)
    {
        await using var db = database.Open();
        Guid[] shown = [.. version.Design.NaturalStimuli, .. version.Design.Metamers];
        return await db.ModelAnswers.CountAsync(a => shown.Contains(a.StimulusId));
    }

    private async Task EmptyAsync()
    {
        await using var db = database.Open();
        await db.Sessions.ExecuteDeleteAsync();
        await db.StudyVersions.Unaudited("a test begins anew").ExecuteDeleteAsync();
        await db.Studies.Unaudited("a test begins anew").ExecuteDeleteAsync();
        await db.Campaigns.Unaudited("a test begins anew").ExecuteDeleteAsync();
        await db.Metamers.Unaudited("a test begins anew").ExecuteDeleteAsync();
        await db.StimulusSets.Unaudited("a test begins anew").ExecuteDeleteAsync();
        await db.Models.Unaudited("a test begins anew").ExecuteDeleteAsync();
    }
}

public sealed class SeedDemoOnSqliteTests(SqliteDatabase database, SmallDemo demo) : SeedDemoTests(database, demo, embedded: true), IClassFixture<SqliteDatabase>;

public sealed class SeedDemoOnPostgresTests(PostgresDatabase database, SmallDemo demo) : SeedDemoTests(database, demo, embedded: false), IClassFixture<PostgresDatabase>;
