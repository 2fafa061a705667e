using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Participation.OnDemand;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Server.Studies.OnDemand;
using PerceptionStudy.Server.Tests.Campaigns;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Models;

namespace PerceptionStudy.Server.Tests.Participation.OnDemand;

/// <summary>A published study of the network of colours whose metamers are made on demand, on a running server.</summary>
internal sealed class OnDemandWorld
{
    private readonly RunningServer server;

    private OnDemandWorld(RunningServer server) => this.server = server;

    public required ColourWorld Colours { get; init; }
    public required Study Study { get; init; }
    public required StudyVersion Version { get; init; }

    public static OnDemandSettings Settings(ColourWorld world, params string[] stages) => new()
    {
        Conditions = [.. stages.Select(stage => new StudyCondition(world.Model.Id, world.Stage(stage)))], Steps = 300, NullPairs = 15, NullAugmentation = "none", Seeds = 2,
    };

    /// <summary>Natural, and the stages on demand.</summary>
    public static Task<OnDemandWorld> PublishAsync(RunningServer server, string[] stages, Func<StudyDesign, StudyDesign>? change = null) => PublishAsync(server, stages, 6, change);

    /// <summary>The same with more natural stimuli than the world has by itself: a multiple of three.</summary>
    public static async Task<OnDemandWorld> PublishAsync(RunningServer server, string[] stages, int naturals, Func<StudyDesign, StudyDesign>? change = null)
    {
        await ForgetAsync(server);
        var world = await ColourWorld.MakeAsync(server);
        await using var db = server.OpenDatabase();
        foreach (var category in naturals > world.Naturals.Length ? ColourNet.Categories : [])
            await ColourWorld.AddAsync(server, world.NaturalSet, category, [.. Enumerable.Range(100, naturals / 3 - 2).Select(n => ($"{category}-{n}.png", ColourNet.Picture(category, n)))]);
        var all = await db.Stimuli.Where(s => s.SetId == world.NaturalSet).OrderBy(s => s.Id).Select(s => s.Id).ToArrayAsync();
        var settings = Settings(world, stages);
        var design = new StudyDesign
        {
            Title = "Which colour?", Consent = "You look at pictures.", Instructions = "Say which colour it was.", Thanks = "Thank you.",
            Categories = ["blue", "green", "red"], Conditions = [StudyCondition.Natural, .. settings.Conditions], NaturalStimuli = all, PracticeStimuli = [],
            MainTrials = all.Length, CatchTrials = 1, OnDemand = settings,
        };
        var study = new Study { Id = Guid.CreateVersion7(), Name = $"on demand {Guid.NewGuid():N}", LinkKey = StudyPublisher.NewLinkKey(), DraftJson = "", Draft = change?.Invoke(design) ?? design, CreatedAt = DateTimeOffset.UnixEpoch };
        db.Studies.Add(study);
        await db.SaveChangesAsync();
        var version = await server.Services.GetRequiredService<StudyPublisher>().PublishAsync(study.Id);
        return new OnDemandWorld(server) { Colours = world, Study = study, Version = version };
    }

    /// <summary>Deletes the studies that the test before left on the same database.</summary>
    public static async Task ForgetAsync(RunningServer server)
    {
        await using var db = server.OpenDatabase();
        await db.Sessions.ExecuteDeleteAsync();
        await db.StudyVersions.IgnoreQueryFilters().Unaudited("between tests").ExecuteDeleteAsync();
        await db.Studies.Unaudited("between tests").ExecuteDeleteAsync();
    }

    /// <summary>Begins a session as the start page does.</summary>
    public async Task<Guid> StartAsync()
    {
        var started = await server.Services.GetRequiredService<SessionStart>().StartAsync(Study.LinkKey, Version.Id, "test");
        await server.Services.GetRequiredService<SessionOrders>().OrderAsync(started.SessionId, plan: true);
        return started.SessionId;
    }

    /// <summary>Orders every metamer that the design can ask for, with every seed that may be tried, and waits until they are made.</summary>
    public async Task MakeAllAsync()
    {
        for (var seed = 0; seed < Version.Design.OnDemand.Seeds; seed++)
        {
            await server.Services.GetRequiredService<OnDemandOrders>().OrderAsync(Version.Id, Version.Design,
                [.. from natural in Version.Design.NaturalStimuli from condition in Version.Design.OnDemand.Conditions select new OnDemandWish(natural, condition, DateTimeOffset.UnixEpoch)]);
            await UntilMadeAsync();
        }
    }

    /// <summary>The trials of a session in the order of the browser's plan.</summary>
    public async Task<List<Trial>> TrialsAsync(Guid session)
    {
        await using var db = server.OpenDatabase();
        return await db.Trials.AsNoTracking().Include(t => t.Response).Where(t => t.SessionId == session).OrderBy(t => t.Position).ToListAsync();
    }

    public Task AnswerAsync(Guid session, Guid trial, string choice) => server.Services.GetRequiredService<ReceiveResponse>().ReceiveAsync(session, Answers.Of(trial, choice));

    /// <summary>Waits until every synthesis of the version has ended.</summary>
    public Task UntilMadeAsync() => Colours.UntilAsync(Version.Id, jobs => jobs.Count > 0 && jobs.TrueForAll(j => j.State == Server.Campaigns.SynthesisState.Done));
}
