using System.CommandLine;

namespace PerceptionStudy.Server.Commands;

/// <summary>The one program and its roles. Without a command it serves.</summary>
public static class RootCommands
{
    public static Task<int> RunAsync(string[] args)
    {
        var root = new RootCommand("PerceptionStudy: does this neural network see as people do?");
        root.Subcommands.Add(ServeCommand.Create());
        root.Subcommands.Add(MigrateCommand.Create());
        root.Subcommands.Add(SynthesisHostCommand.Create());
        root.Subcommands.Add(AnalyzeCommands.Create());
        root.Subcommands.Add(ExportCommand.Create());
        // Settings such as --urls belong to the web host, which reads them itself.
        root.TreatUnmatchedTokensAsErrors = false;
        root.SetAction((parsed, cancel) => ServeCommand.RunAsync([.. parsed.UnmatchedTokens], cancel));
        return root.Parse(args).InvokeAsync();
    }
}
