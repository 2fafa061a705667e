using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation;
using PerceptionStudy.Server.Operation.Backups;
using PerceptionStudy.Server.Tests.Analysis;
using PerceptionStudy.Server.Tests.Data;
using PerceptionStudy.Server.Tests.Export;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Operation;

public sealed partial class HealthTests(SqliteDatabase database) : IClassFixture<SqliteDatabase>
{
    [Fact]
    public async Task Ready_is_who_has_a_database_in_its_own_schema_and_a_folder()
    {
        await using var server = await database.StartServerAsync();
        foreach (var address in (string[])["/health/live", "/health/ready"]) Assert.Equal("Healthy", await server.Client.GetStringAsync(address));

        await using var db = server.OpenDatabase();
        var applied = (await db.Database.GetAppliedMigrationsAsync()).Last();
        await db.Database.ExecuteSqlAsync($"DELETE FROM __EFMigrationsHistory WHERE MigrationId = {applied}");
        try
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, (await server.Client.GetAsync("/health/ready")).StatusCode);
            Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/live")).StatusCode);
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"INSERT INTO __EFMigrationsHistory (MigrationId, ProductVersion) VALUES ({applied}, '10')");
        }
    }

    [Fact]
    public async Task The_metrics_have_a_port_of_their_own_and_every_name_of_the_dashboard()
    {
        var port = FreePort.Take();
        await using var server = await RunningServer.StartAsync(database.Settings, $"--Metrics:Port={port}");
        var study = await ExportEndpointsTests.PublishAsync(server.Services);
        await Participants.TakePartAsync(server.Services, study, 1);
        // So that requests, limits and receipts have been counted.
        foreach (var address in (string[])["/", "/health/live"]) await server.Client.GetAsync(address);
        Telemetry.Acknowledged(TimeSpan.FromMilliseconds(3));
        BackupFile.NoteLast(server.Services.GetRequiredService<DataFolder>(), TimeProvider.System.GetUtcNow());
        await server.Services.GetRequiredService<SystemVitals>().LookAsync();

        using var prometheus = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{port}") };
        var scraped = await prometheus.GetStringAsync("/metrics");
        var names = Metric().Matches(scraped).Select(m => m.Groups[1].Value).ToHashSet();
        using var dashboard = JsonDocument.Parse(await File.ReadAllTextAsync(Path.Combine(Repository.Root, "deploy", "grafana", "dashboards", "perceptionstudy.json")));
        var asked = dashboard.RootElement.GetProperty("panels").EnumerateArray().SelectMany(p => p.GetProperty("targets").EnumerateArray()).SelectMany(t => Asked().Matches(t.GetProperty("expr").GetString()!)).Select(m => m.Value).Distinct().ToList();
        Assert.True(asked.Count > 12, string.Join(' ', asked));
        // Circuits are only counted where one is open.
        Assert.Empty(asked.Except(names).Except(["aspnetcore_components_circuit_active"]));

        Assert.Equal("Healthy", await prometheus.GetStringAsync("/health/ready"));
        Assert.Equal(HttpStatusCode.NotFound, (await prometheus.GetAsync("/sign-in")).StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, (await server.Client.GetAsync("/metrics")).StatusCode);
    }

    [GeneratedRegex(@"^([a-z_]+)[{ ]", RegexOptions.Multiline)]
    private static partial Regex Metric();

    [GeneratedRegex(@"\b((perception|dotnet|aspnetcore)_|http_server_)[a-z_]+")]
    private static partial Regex Asked();
}
