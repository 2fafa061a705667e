using System.CommandLine;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary>The one program and its roles. Without a command it serves.</summary>
public static class RootCommands
{
    /// <returns>Exit code: 0 done, 1 failed, 2 wrong use.</returns>
    public static async Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("PerceptionStudy: does this neural network see as people do?");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(WorkerCommand.Create());
        root.Subcommands.Add(MigrateCommand.Create());
        root.Subcommands.Add(BackupCommand.Create());
        root.Subcommands.Add(RestoreCommand.Create());
        root.Subcommands.Add(SeedDemoCommand.Create());
        root.Subcommands.Add(SynthesisHostCommand.Create());
        root.Subcommands.Add(AnalyzeCommands.Create());
        root.Subcommands.Add(ExportCommand.Create());
        root.Subcommands.Add(ImportCommand.Create());
        root.Subcommands.Add(ModelCommands.Create());
        root.Subcommands.Add(MetamerCommands.Create());
        root.Subcommands.Add(SoundCommands.Create());
        root.Subcommands.Add(ControversialCommand.Create());
        root.Subcommands.Add(EigendistortionCommand.Create());
        root.Subcommands.Add(SimulateCommand.Create());
        // Settings such as --urls belong to the web host, which reads them itself; a command says for itself whether it takes them.
        root.TreatUnmatchedTokensAsErrors = args.Any(a => root.Subcommands.Any(c => c.Name == a));
        root.SetAction((parsed, cancel) => ServeCommand.RunAsync([.. parsed.UnmatchedTokens], cancel));
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await InvokeAsync(parsed);
        // Standard output is for answers.
        await parsed.InvokeAsync(new InvocationConfiguration { Output = Console.Error });
        return 2;
    }

    private static async Task<int> InvokeAsync(ParseResult parsed)
    {
        try
        {
            // Whoever serves or works has time to finish what is under way; everything else ends soon.
            var stays = parsed.CommandResult.Command.Name is "serve" or "worker" || parsed.CommandResult.Command is RootCommand;
            return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false, ProcessTerminationTimeout = TimeSpan.FromSeconds(stays ? 60 : 2) });
        }
        catch (Exception problem) when (problem is not OperationCanceledException)
        {
            // What a person can mend, a wrong setting for example, is one sentence.
            await Console.Error.WriteLineAsync(problem is RefusedException refusal ? refusal.Message : problem.ToString());
            return 1;
        }
    }
}
