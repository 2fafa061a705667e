using System.CommandLine;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Operation.Backups;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>restore FILE</c>: a backup into an empty installation, brought to this program's schema.</summary>
public static class RestoreCommand
{
    public static Command Create()
    {
        var source = new Argument<string>("FILE") { Description = "A zip that the command backup wrote." };
        var command = new Command("restore", "Put a backup into an empty database and an empty data folder.") { source };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            await using var app = ServerHost.Build([.. parsed.UnmatchedTokens]);
            try
            {
                var manifest = await app.Services.GetRequiredService<Restore>().ReadAsync(parsed.GetValue(source)!, cancel);
                await app.Services.MigrateStudyDbAsync(cancel);
                await output.WriteLineAsync($"Restored {manifest.Studies} studies and {manifest.Sessions} sessions as of {manifest.MadeAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC.");
                return 0;
            }
            catch (Exception problem) when (problem is RefusedException or IOException or UnauthorizedAccessException or System.Data.Common.DbException)
            {
                await error.WriteLineAsync(problem is RefusedException ? problem.Message : $"The backup was not restored: {problem.Message}");
                return 1;
            }
        });
        return command;
    }
}
