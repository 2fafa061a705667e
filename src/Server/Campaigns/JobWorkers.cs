using System.Data.Common;
using Hangfire;
using Hangfire.AspNetCore;
using Hangfire.Common;
using Hangfire.Server;
using PerceptionStudy.Server.Models;

namespace PerceptionStudy.Server.Campaigns;

/// <summary>
/// Runs jobs while the program runs. At the start, rows that nobody runs are queued again: all of them where this process is
/// <paramref name="alone"/>, otherwise those whose run gives no sign of life, and those are looked for every half minute.
/// </summary>
internal sealed class JobWorkers(IServiceProvider services, bool alone) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        var queue = services.GetRequiredService<SynthesisQueue>();
        var hosts = services.GetRequiredService<SynthesisHosts>();
        var clock = services.GetRequiredService<TimeProvider>();
        await queue.RecoverAsync(everything: alone, stoppingToken);
        if (alone) await services.GetRequiredService<AccuracyRun>().RecoverAsync(stoppingToken);

        using var syntheses = Start(Queues.Synthesis, hosts.Concurrency);
        using var answers = Start(Queues.Answers, 1);
        try
        {
            using var timer = new PeriodicTimer(TimeSpan.FromSeconds(30), clock);
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                try
                {
                    if (!alone) await queue.RecoverAsync(everything: false, stoppingToken);
                    await queue.CallAgainAsync(stoppingToken);
                }
                catch (DbException)
                {
                    // The database is away: in half a minute it is asked again.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The program ends: running jobs are told so, leave their checkpoints, and put their rows back.
        }
        syntheses.SendStop();
        answers.SendStop();
        await syntheses.WaitForShutdownAsync(CancellationToken.None);
        await answers.WaitForShutdownAsync(CancellationToken.None);
    }

    private BackgroundJobServer Start(string queue, int workers) => new(
        new BackgroundJobServerOptions
        {
            Queues = [queue],
            WorkerCount = workers,
            ServerName = $"{Environment.MachineName}:{Environment.ProcessId}:{queue}",
            SchedulePollingInterval = TimeSpan.FromSeconds(5),
            CancellationCheckInterval = TimeSpan.FromSeconds(2),
            // Running jobs are told at once, and then have time to leave their checkpoints.
            StopTimeout = TimeSpan.Zero,
            ShutdownTimeout = TimeSpan.FromSeconds(25),
            // Not the engine's own, which is static: two servers in one process (the tests) would run each other's jobs on their own databases.
            Activator = new AspNetCoreJobActivator(services.GetRequiredService<IServiceScopeFactory>()),
        },
        services.GetRequiredService<JobStorage>());
}
