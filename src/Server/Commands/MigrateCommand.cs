using System.CommandLine;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>migrate</c>: brings the database to the current schema and ends.</summary>
public static class MigrateCommand
{
    public static Command Create()
    {
        var command = new Command("migrate", "Bring the database to the current schema.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(async (parsed, cancel) =>
        {
            await using var app = ServerHost.Build([.. parsed.UnmatchedTokens]);
            await app.Services.MigrateStudyDbAsync(cancel);
            return 0;
        });
        return command;
    }
}
