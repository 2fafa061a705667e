using System.CommandLine;
using PerceptionStudy.Server.Analysis.Imports;
using PerceptionStudy.Server.Data;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>import NAME PATH...</c>: a finished experiment from elsewhere as a read-only study.</summary>
public static class ImportCommand
{
    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "What the experiment is called here." };
        var paths = new Argument<string[]>("PATH") { Description = "CSV, MAT or zip files of one experiment, or folders of them.", Arity = ArgumentArity.OneOrMore };
        var command = new Command("import", "Take in a finished experiment: trials of model-vs-human, participant matrices (CSV, MAT), or an export of this program.") { name, paths };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            // Settings of the host look like paths here: --Name=value.
            var given = parsed.GetValue(paths)!;
            var settings = given.Where(p => p.StartsWith("--", StringComparison.Ordinal)).Concat(parsed.UnmatchedTokens).ToArray();
            var files = new List<(string Name, Stream Content)>();
            try
            {
                foreach (var path in given.Except(settings))
                {
                    string[] found = Directory.Exists(path) ? [.. Directory.EnumerateFiles(path).Where(Known).Order(StringComparer.Ordinal)] : [path];
                    foreach (var file in found) files.Add((Path.GetFileName(file), File.OpenRead(file)));
                }
                await using var app = ServerHost.Build(settings);
                await app.Services.MigrateStudyDbAsync(cancel);
                var study = await app.Services.GetRequiredService<StudyImport>().ImportAsync(parsed.GetValue(name)!, files, cancel);
                await output.WriteLineAsync($"Imported '{study.Name}': {study.Rows} rows of {study.Files} files. See /admin/imports/{study.Id}.");
                return 0;
            }
            catch (Exception problem) when (problem is RefusedException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(problem.Message);
                return 1;
            }
            finally
            {
                foreach (var (_, content) in files) await content.DisposeAsync();
            }
        });
        return command;
    }

    private static bool Known(string file) => Path.GetExtension(file).ToLowerInvariant() is ".csv" or ".mat" or ".zip";
}
