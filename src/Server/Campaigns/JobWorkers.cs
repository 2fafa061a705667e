using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Server;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Synthesis.Hosting.Cages;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Runs jobs while the program runs. At the start, rows that nobody runs are queued again: all of them where this process is
/// <paramref name="alone"/>, otherwise those whose run gives no sign of life, and those are looked for again and again.
/// </summary>
internal sealed partial class JobWorkers(IServiceProvider services, bool alone) : BackgroundService
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(10), BetweenRecoveries = TimeSpan.FromMinutes(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var worker = services.GetRequiredService<ThisWorker>();
        var hosts = services.GetRequiredService<SynthesisHosts>();
        var clock = services.GetRequiredService<TimeProvider>();
        LogCage(services.GetRequiredService<ILogger<JobWorkers>>(), Cage.Words(hosts.CageWish ?? Cage.Closest));
        await Rounds.OnceAsync(Pause, clock, async cancel =>
        {
            await worker.BeginAsync(alone, cancel);
            await services.GetRequiredService<SynthesisQueue>().RecoverAsync(everything: alone, cancel);
            await using (var db = await services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync(cancel))
                await services.GetRequiredService<CampaignFiles>().SweepAsync(db, cancel);
            if (alone) await services.GetRequiredService<AccuracyRun>().RecoverAsync(cancel);
            await services.GetRequiredService<ModelAnswerer>().RecoverAsync(DateTimeOffset.MinValue, cancel);
        }, stoppingToken);
        if (stoppingToken.IsCancellationRequested) return;

        var queue = services.GetRequiredService<SynthesisQueue>();
        using var syntheses = Start(worker.HasGpu ? [Queues.Gpu, Queues.Synthesis] : [Queues.Synthesis], hosts.Concurrency);
        using var answers = Start([Queues.Answers], 1);
        await Task.WhenAll(
            Rounds.RunAsync(worker.Beat, clock, worker.BeatAsync, stoppingToken),
            Rounds.RunAsync(worker.Lease / 3 < Pause ? worker.Lease / 3 : Pause, clock, async cancel =>
            {
                if (!alone) await queue.RecoverAsync(everything: false, cancel);
                await queue.CallAgainAsync(cancel);
            }, stoppingToken),
            Rounds.RunAsync(BetweenRecoveries, clock, cancel => services.GetRequiredService<ModelAnswerer>().RecoverAsync(clock.GetUtcNow().AddDays(-1), cancel), stoppingToken));

        // The program ends: running jobs are told so, leave their checkpoints, and put their rows back.
        await EvenWithoutDatabaseAsync(worker.StopAsync);
        syntheses.SendStop();
        answers.SendStop();
        await syntheses.WaitForShutdownAsync(CancellationToken.None);
        await answers.WaitForShutdownAsync(CancellationToken.None);
        await EvenWithoutDatabaseAsync(worker.EndAsync);
    }

    private static async Task EvenWithoutDatabaseAsync(Func<Task> work)
    {
        try
        {
            await work();
        }
        catch (Exception e) when (Rounds.IsOfDatabase(e))
        {
            // The lease runs out by itself.
        }
    }

    private BackgroundJobServer Start(string[] queues, int workers) => new(
        new BackgroundJobServerOptions
        {
            Queues = queues,
            WorkerCount = workers,
            ServerName = $"{Environment.MachineName}:{Environment.ProcessId}:{queues[^1]}",
            SchedulePollingInterval = TimeSpan.FromSeconds(5),
            CancellationCheckInterval = TimeSpan.FromSeconds(2),
            // Running jobs are told at once, and then have time to leave their checkpoints.
            StopTimeout = TimeSpan.Zero,
            ShutdownTimeout = TimeSpan.FromSeconds(25),
            // Not the engine's own, which is static: two servers in one process (the tests) would run each other's jobs on their own databases.
            Activator = new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>()),
        },
        services.GetRequiredService<JobStorage>());

    [LoggerMessage(LogLevel.Information, "Models and media are opened in a process with {What}.")]
    private static partial void LogCage(ILogger log, string what);
}
