using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Tests.Data;

namespace PerceptionStudy.Server.Tests.Campaigns;

/// <summary>PostgreSQL is killed and started again while metamers are made: on a server of its own, since nothing else may lose its database.</summary>
public sealed class DatabaseCutTests
{
    [Fact]
    public async Task Workers_go_on_when_the_database_is_back()
    {
        Assert.SkipWhen(PostgresCluster.Absent is not null, PostgresCluster.Absent ?? "");
        await using var cluster = new PostgresCluster();
        await using var database = new PostgresDatabase(cluster);
        await database.InitializeAsync();
        await using var server = await database.StartServerAsync("--Worker:LeaseSeconds=4");
        var world = await ColourWorld.MakeAsync(server);
        var campaigns = server.Services.GetRequiredService<CampaignService>();
        var campaign = await campaigns.StartAsync(world.Plan("cut off", "opponent", "pooled") with { Preset = "feather2023", Steps = 2_000 });
        await world.UntilAsync(campaign.Id, jobs => jobs.Count(j => j.State == SynthesisState.Done) >= 3);
        await cluster.CutPowerAsync(TimeSpan.FromSeconds(1));
        // The test's own connections are dead too.
        Npgsql.NpgsqlConnection.ClearAllPools();
        await world.UntilAsync(campaign.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));

        // A worker that had nothing to do meanwhile.
        await cluster.CutPowerAsync(TimeSpan.FromSeconds(1));
        Npgsql.NpgsqlConnection.ClearAllPools();
        var after = await campaigns.StartAsync(world.Plan("afterwards", "opponent") with { NaturalIds = [.. world.Naturals.Take(2)] });
        await world.UntilAsync(after.Id, jobs => jobs.TrueForAll(j => j.State == SynthesisState.Done));
    }
}
