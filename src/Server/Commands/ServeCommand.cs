using System.CommandLine;
using PerceptionStudy.Server.Accounts;
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
        await SeedDemoCommand.SeedEmptyAsync(app, cancel);
        await app.StartAsync(cancel);
        await AnnounceAsync(app, Console.Out, cancel);
        await app.WaitForShutdownAsync(cancel);
        return 0;
    }

    /// <summary>Says where the server is, and how the first researcher gets in.</summary>
    public static async Task AnnounceAsync(WebApplication app, TextWriter console, CancellationToken cancel)
    {
        var address = app.Urls.First().Replace("0.0.0.0", "localhost").Replace("[::]", "localhost").TrimEnd('/');
        await console.WriteLineAsync($"PerceptionStudy is at {address}");
        await using var scope = app.Services.CreateAsyncScope();
        if (await scope.ServiceProvider.GetRequiredService<Invitations>().InviteFirstResearcherAsync(cancel) is not { } token) return;
        await console.WriteLineAsync("No researcher has an account yet. Make the first one here (the link works once):");
        await console.WriteLineAsync($"{address}/set-up?token={token}");
    }
}
