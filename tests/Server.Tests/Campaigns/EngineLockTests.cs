using Hangfire;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>Locks of the job engine that nobody gives back.</summary>
public sealed class EngineLockTests(PostgresDatabase database) : IClassFixture<PostgresDatabase>
{
    private readonly TestDatabase database = database.Need();

    [Fact]
    public async Task A_lock_that_was_left_behind_holds_workers_up_for_seconds()
    {
        await using var server = await database.StartServerAsync();
        var world = await ColourWorld.MakeAsync(server);
        // As by a process that died while it changed the state of the first calls: a row of the engine's table of locks, which nobody deletes.
        var connection = server.Services.GetRequiredService<JobStorage>().GetConnection();
        for (var call = 1; call <= 4; call++) connection.AcquireDistributedLock($"job:{call}:state-lock", TimeSpan.FromSeconds(1));

        var campaign = await server.Services.GetRequiredService<CampaignService>().StartAsync(world.Plan("held up", "opponent") with { NaturalIds = [.. world.Naturals.Take(2)] });
        await Task.Delay(TimeSpan.FromSeconds(2), TestContext.Current.CancellationToken);
        Assert.All(await world.JobsAsync(campaign.Id), job => Assert.Equal(SynthesisState.Queued, job.State));
        await world.UntilAsync(campaign.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
        // Not given back: that is what the test is about.
        GC.KeepAlive(connection);
    }
}
