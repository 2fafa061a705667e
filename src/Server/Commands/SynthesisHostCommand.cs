using System.CommandLine;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>synthesis-host</c>: the child process in which models and media are opened. Started by the other roles, not by people.</summary>
public static class SynthesisHostCommand
{
    public static Command Create()
    {
        var command = new Command("synthesis-host", "Answer requests for models and media as JSON lines on standard input and output (started by the other roles).");
        command.SetAction(async (_, cancel) =>
        {
            await SynthesisHost.ServeProcessAsync(cancel);
            return 0;
        });
        return command;
    }
}
