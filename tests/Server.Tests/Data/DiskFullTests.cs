using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Tests.Participation;
using PerceptionStudy.Shared;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Data;

/// <summary>The disk of the database is full for a while: no receipt without a stored answer, and the same answers are taken when there is room again.</summary>
public sealed class DiskFullTests(PostgresDatabase database, PostgresCluster cluster) : IClassFixture<PostgresDatabase>
{
    [Fact]
    public async Task Answers_wait_until_there_is_room()
    {
        database.Need();
        Assert.SkipWhen(Environment.GetEnvironmentVariable("DISK_FULL") is null, "Asked for by DISK_FULL=1: it leaves a database cluster shared with other tests in disorder when it fails.");
        Assert.SkipWhen(Environment.UserName != "root", "Only root can mount a small file system.");
        var disk = Directory.CreateTempSubdirectory("perception-study-disk-").FullName;
        Assert.SkipWhen(!await RunAsync("mount", "-t", "tmpfs", "-o", "size=48m,mode=0777", "tmpfs", disk), "No file system can be mounted here.");
        try
        {
            var settings = await DatabaseOnAsync(Directory.CreateDirectory(Path.Combine(disk, "space")).FullName);
            await using (var server = await RunningServer.StartAsync(settings)) await AnswerOnFullDiskAsync(server);
            NpgsqlConnection.ClearAllPools();
            await ExecuteAsync(await cluster.CreateDatabaseAsync(), "DROP DATABASE full_disk", "DROP TABLESPACE full_disk");
        }
        finally
        {
            await RunAsync("umount", "--lazy", disk);
            Directory.Delete(disk, recursive: true);
        }
    }

    private static async Task AnswerOnFullDiskAsync(RunningServer server)
    {
        await using var db = server.OpenDatabase();
        // A new connection would want to write when it opens.
        await db.Database.OpenConnectionAsync();
        var study = await TestStudy.PublishAsync(db, server.Services.GetRequiredService<BlobStore>(), each: 16, mainTrials: 40, catchTrials: 0, practice: 0);
        var begun = await server.Services.GetRequiredService<SessionStart>().StartAsync(study.LinkKey, study.Version.Id, null);
        server.Client.DefaultRequestHeaders.Add("Cookie", $"session-{begun.SessionId:N}={begun.Token}");
        var trials = await db.Trials.Where(t => t.SessionId == begun.SessionId).Select(t => t.Id).ToListAsync();

        await db.Database.ExecuteSqlRawAsync("CREATE TABLE filler (bytes text); ALTER TABLE filler ALTER bytes SET STORAGE PLAIN");
        for (var full = false; !full;)
        {
            try
            {
                await db.Database.ExecuteSqlRawAsync("INSERT INTO filler SELECT repeat('x', 7000) FROM generate_series(1, 100)");
            }
            catch (PostgresException problem) when (problem.SqlState == PostgresErrorCodes.DiskFull)
            {
                full = true;
            }
        }
        // What is left is used up by single rows.
        await Assert.ThrowsAsync<PostgresException>(async () => { while (true) await db.Database.ExecuteSqlRawAsync("INSERT INTO filler VALUES (repeat('x', 7000))"); });

        var (receipts, refused) = (0, 0);
        foreach (var trial in trials)
        {
            if (await SendAsync(server, begun.SessionId, trial)) receipts++;
            else refused++;
            Assert.Equal(receipts, await db.Responses.CountAsync(r => trials.Contains(r.TrialId)));
        }
        Assert.True(refused > 0, "The disk was never full.");
        Assert.Equal(HttpStatusCode.OK, (await server.Client.GetAsync("/health/live")).StatusCode);

        await db.Database.ExecuteSqlRawAsync("DROP TABLE filler");
        var patience = Stopwatch.StartNew();
        foreach (var trial in trials) Assert.True(await SendAsync(server, begun.SessionId, trial));
        TestContext.Current.TestOutputHelper?.WriteLine($"{receipts} stored and {refused} refused while the disk was full; all {trials.Count} stored {patience.Elapsed.TotalSeconds:0.0} s after there was room.");
        Assert.Equal(trials.Count, await db.Responses.CountAsync(r => trials.Contains(r.TrialId)));
        Assert.Equal(SessionState.Completed, (await db.Sessions.AsNoTracking().SingleAsync(s => s.Id == begun.SessionId)).State);
    }

    private static async Task<bool> SendAsync(RunningServer server, Guid session, Guid trial)
    {
        using var body = new StringContent(JsonSerializer.Serialize([Answers.Of(trial, "bear")], WireJson.Default.TrialResponseArray), new MediaTypeHeaderValue("application/json"));
        using var answer = await server.Client.PostAsync($"/api/sessions/{session}/responses", body);
        if (!answer.IsSuccessStatusCode) return false;
        return JsonSerializer.Deserialize(await answer.Content.ReadAsStringAsync(), WireJson.Default.BatchReceipt)!.Receipts.Any(r => r.TrialId == trial);
    }

    // Only the database's own files: PostgreSQL itself, and its log of writes, have room.
    private async Task<Dictionary<string, string?>> DatabaseOnAsync(string folder)
    {
        await RunAsync("chown", "postgres", folder);
        var connection = await cluster.CreateDatabaseAsync();
        await ExecuteAsync(connection, $"CREATE TABLESPACE full_disk LOCATION '{folder}'", "CREATE DATABASE full_disk TABLESPACE full_disk");
        return new(database.Settings) { ["ConnectionStrings:Postgres"] = new NpgsqlConnectionStringBuilder(connection) { Database = "full_disk" }.ConnectionString };
    }

    private static async Task ExecuteAsync(string connectionString, params string[] commands)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        foreach (var text in commands)
        {
            await using var command = new NpgsqlCommand(text, connection);
            await command.ExecuteNonQueryAsync();
        }
    }

    private static async Task<bool> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardError = true })!;
        await process.WaitForExitAsync();
        return process.ExitCode == 0;
    }
}
