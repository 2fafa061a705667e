using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Stimuli;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>The course of campaigns in the real synthesis host: pilot, pause, priority, looks, what people decide about the metamers, accuracy of the model.</summary>
public abstract class CampaignCourseTests(TestDatabase database)
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task From_the_pilot_to_a_set_of_chosen_metamers()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        var plan = world.Plan("piloted", "opponent", "pooled") with { Pilot = true, Seeds = 2, Seed = 3 };
        var campaign = await campaigns.StartAsync(plan);

        // Two of 24: one at each stage. The others wait, whatever the worker would like.
        await world.UntilAsync(campaign.Id, jobs => jobs.Count(j => j.State == SynthesisState.Done) == 2);
        await Task.Delay(500, TestContext.Current.CancellationToken);
        var jobs = await world.JobsAsync(campaign.Id);
        Assert.Equal(24, jobs.Count);
        Assert.Equal(2, jobs.Where(j => j.State == SynthesisState.Done).Select(j => j.StageId).Distinct().Count());
        Assert.Equal(22, jobs.Count(j => j.State == SynthesisState.Queued));
        Assert.Equal([3, 4], jobs.Select(j => j.Seed).Distinct().Order());
        await using var db = server.OpenDatabase();
        var status = (await CampaignStatus.LoadAsync(db, campaign.Id))!;
        Assert.Equal(CampaignHold.Pilot, status.Campaign.Hold);
        var estimate = status.Estimate(1)!;
        Assert.Equal(11 * jobs.Sum(j => j.Seconds ?? 0), estimate.Seconds, 1e-6);
        Assert.Equal(22 * jobs.Average(j => j.Bytes)!.Value, estimate.Bytes, 1.0);
        Assert.Equal(2, await db.Stimuli.CountAsync(s => s.SetId == campaign.MetamerSetId));

        await campaigns.ResumeAsync(campaign.Id);
        await world.UntilAsync(campaign.Id, all => all.TrueForAll(j => j.State == SynthesisState.Done));
        var quality = (await QualityControl.LoadAsync(db, server.Services.GetRequiredService<BlobStore>(), campaign.Id))!;
        Assert.Equal(24, quality.Metamers.Count);
        Assert.Equal(["opponent", "pooled"], quality.Stages.Select(s => s.Name.Stage));
        Assert.All(quality.Stages, s => Assert.NotEqual("", quality.Chance[s.Id].Pearson.Bars));
        Assert.All(quality.Metamers.Where(m => m.MeetsCriteria), m => Assert.True(m.Pearson > quality.Chance[m.StageId].Pearson.Max));

        var review = server.Services.GetRequiredService<MetamerReview>();
        var out1 = quality.Metamers.First(m => m.State == MetamerState.Accepted);
        await review.JudgeAsync(out1.Id, " too dark ", "ada@example.org");
        await review.JudgeAsync(out1.Id, null, "bob@example.org");
        await review.JudgeAsync(out1.Id, "a blot", "ada@example.org");
        var verdicts = await db.MetamerVerdicts.Where(v => v.StimulusId == out1.Id).OrderBy(v => v.Id).Select(v => new { v.DecidedBy, v.RejectedBecause }).ToListAsync();
        Assert.Equal([("ada@example.org", "too dark"), ("bob@example.org", null), ("ada@example.org", "a blot")], verdicts.Select(v => (v.DecidedBy, v.RejectedBecause)));
        Assert.Equal("a blot", (await db.Metamers.SingleAsync(m => m.StimulusId == out1.Id)).RejectedBecause);
        await Assert.ThrowsAsync<RefusedException>(() => review.JudgeAsync(out1.Id, "  ", "ada@example.org"));
        await Assert.ThrowsAsync<RefusedException>(() => review.JudgeAsync(Guid.NewGuid(), "gone", "ada@example.org"));

        var accepted = quality.Metamers.Count(m => m.State == MetamerState.Accepted) - 1;
        var collected = await review.CollectAsync([.. quality.Metamers.Select(m => m.Id)], null, "chosen");
        Assert.Equal((accepted, 0), (collected.Added, collected.AlreadyThere));
        Assert.Equal((0, accepted), await CollectAgainAsync());
        var copies = await MetamerRow.Of(db, db.Stimuli.Where(s => s.SetId == collected.Set.Id)).ToListAsync();
        Assert.DoesNotContain(copies, c => c.Sha256 == out1.Sha256);
        Assert.All(copies, c => Assert.Equal(MetamerState.Accepted, c.State));
        Assert.Equal("None of these metamers is accepted, so there is nothing to put into a set.", (await Assert.ThrowsAsync<RefusedException>(() => review.CollectAsync([out1.Id], null, "none"))).Message);
        Assert.Equal("Choose a set of metamers.", (await Assert.ThrowsAsync<RefusedException>(() => review.CollectAsync([.. copies.Select(c => c.Id)], world.NaturalSet, null))).Message);

        async Task<(int, int)> CollectAgainAsync()
        {
            var again = await review.CollectAsync([.. quality.Metamers.Select(m => m.Id)], collected.Set.Id, null);
            return (again.Added, again.AlreadyThere);
        }
    }

    [Fact]
    public async Task A_paused_campaign_lets_others_pass_and_goes_on_where_it_was()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        // The published schedule has no early stop: this goes on for as long as the test wants.
        var slow = await campaigns.StartAsync(world.Plan("slow", "opponent") with { Preset = "feather2023", Steps = 1_000_000, Priority = -1 });
        await world.UntilAsync(slow.Id, jobs => jobs.Exists(j => j.State == SynthesisState.Running && j.StepsDone > 0));
        await campaigns.PauseAsync(slow.Id);
        var quick = await campaigns.StartAsync(world.Plan("quick", "opponent") with { NaturalIds = [.. world.Naturals.Take(1)] });
        await world.UntilAsync(quick.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        Assert.All(await world.JobsAsync(slow.Id), j => Assert.Equal(SynthesisState.Queued, j.State));

        // A look comes before what waits, though it was asked for last.
        await campaigns.ResumeAsync(slow.Id);
        await world.UntilAsync(slow.Id, jobs => jobs.Exists(j => j.State == SynthesisState.Running && j.StepsDone > 0));
        await campaigns.PauseAsync(slow.Id);
        var usual = await campaigns.StartAsync(world.Plan("usual", "opponent") with { Preset = "feather2023", Steps = 1_000_000 });
        await world.UntilAsync(usual.Id, jobs => jobs.Exists(j => j.State == SynthesisState.Running));
        await campaigns.ResumeAsync(slow.Id);
        var look = await server.Services.GetRequiredService<InstantLooks>().StartAsync(world.Look("pooled", steps: 200));
        await campaigns.CancelAsync(usual.Id);
        await world.UntilAsync(look, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        var seen = (await world.JobsAsync(look)).Single().EndedAt;
        Assert.DoesNotContain(await world.JobsAsync(slow.Id), j => j.State == SynthesisState.Running && j.HeartbeatAt < seen);
        await campaigns.CancelAsync(slow.Id);
        Assert.StartsWith("There is no priority 7", (await Assert.ThrowsAsync<RefusedException>(() => campaigns.PrioritiseAsync(slow.Id, 7))).Message);
    }

    [Fact]
    public async Task A_look_leaves_nothing_unless_it_is_kept()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        var looks = server.Services.GetRequiredService<InstantLooks>();
        var look = await looks.StartAsync(world.Look("pooled", steps: 300));
        await world.UntilAsync(look, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        await using var db = server.OpenDatabase();
        var job = (await world.JobsAsync(look)).Single();
        Assert.True(LossCurve.Read(job.LossCurveJson).Count > 0 && job.Loss < 0.5, $"Loss {job.Loss} after {job.LossCurveJson}.");
        Assert.Empty(await db.Metamers.ToListAsync());
        Assert.Equal(1, await db.StimulusSets.CountAsync());
        var files = server.Services.GetRequiredService<CampaignFiles>();
        var picture = await File.ReadAllBytesAsync(files.OutputOf(job.Id, StimulusMedium.Picture));

        Assert.Contains("Please give the campaign a name", (await Assert.ThrowsAsync<RefusedException>(() => looks.KeepAsync(look, " ", 20))).Message);
        await looks.KeepAsync(look, "kept", 20);
        await world.UntilAsync(look, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done && j.MetamerStimulusId != null));
        var metamer = await db.Stimuli.Include(s => s.Metamer).SingleAsync(s => s.Metamer != null);
        Assert.Equal(picture, await File.ReadAllBytesAsync(await server.Services.GetRequiredService<BlobStore>().FetchAsync(metamer.Sha256)));
        Assert.True(metamer.Metamer!.MeetsCriteria, metamer.Metamer.Reasons);
        Assert.Contains("There is no such look", (await Assert.ThrowsAsync<RefusedException>(() => looks.KeepAsync(look, "again", 20))).Message);
        // Its files go after it is stored.
        await Wait.UntilAsync(async () => Directory.GetFiles(server.Services.GetRequiredService<DataFolder>().Folder("syntheses"), $"{job.Id:N}*").Length == 0, "the files of the look are gone");

        var other = await looks.StartAsync(world.Look("opponent", steps: 1_000_000) with { Preset = "feather2023" });
        await world.UntilAsync(other, jobs => jobs.Exists(j => j.StepsDone > 0));
        await looks.CancelAsync(other);
        await world.UntilAsync(other, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Cancelled));
        await Assert.ThrowsAsync<RefusedException>(() => looks.KeepAsync(other, "unfinished", 20));
        await looks.DeleteAsync(other);
        Assert.Empty(await world.JobsAsync(other));
        await Assert.ThrowsAsync<RefusedException>(() => looks.StartAsync(world.Look("opponent", steps: 0)));
        await Assert.ThrowsAsync<RefusedException>(() => looks.StartAsync(world.Look("opponent", steps: 9) with { NaturalStimulusId = metamer.Id }));
        await Assert.ThrowsAsync<RefusedException>(() => looks.StartAsync(world.Look("opponent", steps: 9) with { StageId = Guid.NewGuid() }));
    }

    [Fact]
    public async Task The_accuracy_of_a_model_on_a_set_is_what_its_answers_are()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        // Two green pictures are called red: the model is right about the picture, and wrong by the label.
        await ColourWorld.AddAsync(server, world.NaturalSet, "red", ("mislabelled-1.png", ColourNet.Picture("green", 41)), ("mislabelled-2.png", ColourNet.Picture("green", 42)));
        await ColourWorld.AddAsync(server, world.NaturalSet, "yellow", ("yellow.png", ColourNet.Picture("red", 43)));
        var accuracy = server.Services.GetRequiredService<AccuracyRun>();
        var id = await accuracy.RequestAsync(world.Model.Id, world.NaturalSet);
        await using var db = server.OpenDatabase();
        var row = await Wait.UntilAsync(() => db.ModelAccuracies.AsNoTracking().SingleAsync(a => a.Id == id), a => a.EndedAt is not null, _ => "the accuracy is not measured.");
        Assert.Null(row.Failure);
        var figures = AccuracyFigures.Of(row);
        Assert.Equal((1, 8, 6), (row.Unknown, figures.Stimuli, figures.Correct));
        Assert.Equal(new AccuracyRow("red", 4, 2), figures.Rows.Single(r => r.Category == "red"));
        Assert.Equal(2, row.Confusion["red"]["green"]);

        var registry = server.Services.GetRequiredService<ModelRegistry>();
        var bare = await registry.RegisterAsync(new MemoryStream(ColourNet.Onnx(0.3f)), "bare.onnx");
        Assert.Contains("does not know the categories yet", (await Assert.ThrowsAsync<RefusedException>(() => accuracy.RequestAsync(bare.Id, world.NaturalSet))).Message);
        var other = await server.Services.GetRequiredService<StimulusSets>().CreateAsync("other");
        await ColourWorld.AddAsync(server, other.Id, "yellow", ("yellow.png", ColourNet.Picture("red", 43)));
        Assert.Contains("knows none of the set's categories (yellow)", (await Assert.ThrowsAsync<RefusedException>(() => accuracy.RequestAsync(world.Model.Id, other.Id))).Message);
    }
}

public sealed class CampaignCourseOnSqliteTests(SqliteDatabase database) : CampaignCourseTests(database), IClassFixture<SqliteDatabase>;

public sealed class CampaignCourseOnPostgresTests(PostgresDatabase database) : CampaignCourseTests(database), IClassFixture<PostgresDatabase>;
