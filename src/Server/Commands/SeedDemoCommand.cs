using System.CommandLine;
using PerceptionStudy.Server.Commands.Demo;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>seed-demo</c>: loads the demo. A server on an empty embedded database does the same at its first start, unless the setting <c>Demo</c> is false.</summary>
public static partial class SeedDemoCommand
{
    public static Command Create()
    {
        var command = new Command("seed-demo", "Load the demo: models, pictures and words, their metamers, and studies.") { TreatUnmatchedTokensAsErrors = false };
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            await using var app = ServerHost.Build([.. parsed.UnmatchedTokens]);
            await app.Services.MigrateStudyDbAsync(cancel);
            try
            {
                await error.WriteLineAsync((await app.Services.GetRequiredService<DemoSeed>().RunAsync(DemoFolder.Of(app.Configuration), cancel)).Sentence);
                return 0;
            }
            catch (Exception problem) when (problem is RefusedException or SynthesisException or IOException)
            {
                await error.WriteLineAsync(problem.Message);
                return 1;
            }
        });
        return command;
    }

    /// <summary>
    /// Loads the demo into a database that nobody has used: by itself into the embedded one unless <c>Demo=false</c>, into PostgreSQL only with <c>Demo=true</c>.
    /// The server starts in any case; what is wrong is one line of the log.
    /// </summary>
    public static async Task SeedEmptyAsync(WebApplication app, CancellationToken cancel)
    {
        if (!app.Configuration.GetValue("Demo", DatabaseSetup.PostgresConnection(app.Configuration) is null)) return;
        var seed = app.Services.GetRequiredService<DemoSeed>();
        if (!await seed.IsUntouchedAsync(cancel)) return;
        var folder = DemoFolder.Of(app.Configuration);
        if (!folder.Exists)
        {
            LogAbsent(app.Logger, folder.Path);
            return;
        }
        try
        {
            LogSeeded(app.Logger, (await seed.RunAsync(folder, cancel)).Sentence);
        }
        catch (Exception problem) when (problem is RefusedException or SynthesisException or IOException)
        {
            LogFailed(app.Logger, problem.Message);
        }
    }

    [LoggerMessage(LogLevel.Information, "There is no demo in {Folder}, so the database starts empty.")]
    private static partial void LogAbsent(ILogger log, string folder);

    [LoggerMessage(LogLevel.Information, "{Sentence}")]
    private static partial void LogSeeded(ILogger log, string sentence);

    [LoggerMessage(LogLevel.Warning, "The demo could not be loaded, and the database starts empty. {Why}")]
    private static partial void LogFailed(ILogger log, string why);
}
