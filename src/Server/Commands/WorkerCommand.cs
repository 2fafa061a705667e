using System.CommandLine;
using PerceptionStudy.Server.Campaigns;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Models;
using PerceptionStudy.Server.Operation;
using PerceptionStudy.Server.Stimuli;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>worker</c>: runs jobs beside a server that uses the same PostgreSQL database and the same data folder.</summary>
public static class WorkerCommand
{
    public static Command Create()
    {
        var command = new Command("worker", "Run syntheses for a server with the same PostgreSQL database and data folder.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, cancel) => RunAsync([.. parsed.UnmatchedTokens], parsed.InvocationConfiguration.Error, cancel));
        return command;
    }

    private static async Task<int> RunAsync(string[] args, TextWriter error, CancellationToken cancel)
    {
        var builder = Host.CreateApplicationBuilder(args);
        ServerHost.QuietLogging(builder.Configuration);
        builder.Configuration.AddSecretFiles();
        builder.AddObservability("worker");
        if (DatabaseSetup.PostgresConnection(builder.Configuration) is not { } postgres)
        {
            await error.WriteLineAsync("A worker needs PostgreSQL: set ConnectionStrings:Postgres. With the embedded database the server is its own worker.");
            return 1;
        }
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddStudyDb(builder.Configuration);
        builder.Services.AddModels();
        builder.Services.AddStimuli();
        builder.Services.AddCampaigns(postgres, runJobs: true);
        using var host = builder.Build();
        await host.Services.MigrateStudyDbAsync(cancel);
        await host.StartAsync(cancel);
        await Console.Out.WriteLineAsync("PerceptionStudy's worker is waiting for jobs.");
        await host.WaitForShutdownAsync(cancel);
        return 0;
    }
}
