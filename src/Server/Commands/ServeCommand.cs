using System.CommandLine;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>serve</c>: answers browsers; in the embedded default it also runs the jobs.</summary>
public static class ServeCommand
{
    public static Command Create()
    {
        var command = new Command("serve", "Serve the studies and the researchers' pages (the default).") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction((parsed, cancel) => RunAsync([.. parsed.UnmatchedTokens], cancel));
        return command;
    }

    public static async Task<int> RunAsync(string[] args, CancellationToken cancel)
    {
        await using var app = ServerHost.Build(args);
        await app.Services.MigrateStudyDbAsync(cancel);
        await app.StartAsync(cancel);
        app.Logger.LogInformation("PerceptionStudy is at {Addresses}", string.Join(", ", app.Urls));
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }
}
