using System.CommandLine;
using System.IO.Compression;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>export STUDY --format csv --out FILE</c>: a study's data in a file, with row count and hash in a trailer beside it.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var study = new Argument<string>("STUDY") { Description = "Name, link key or id of the study." };
        var format = new Option<string>("--format")
        {
            Description = string.Join("; ", ExportFormats.All.Select(f => $"{f.Word}: {f.What}")) + ".", DefaultValueFactory = _ => "csv",
        };
        format.AcceptOnlyFromAmong([.. ExportFormats.All.Select(f => f.Word)]);
        var file = new Option<FileInfo>("--out")
        {
            Description = "The file to write; FILE.trailer.json with rows and SHA-256 is written beside it, for a CSV also the codebook. psych-ds: a zip if the name ends so, otherwise a folder.",
            Required = true,
        };
        var filters = new TrialFilterOptions();
        var command = new Command("export", "Write the data of a study to a file.") { study, format, file };
        foreach (var option in filters.All) command.Options.Add(option);
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            var error = parsed.InvocationConfiguration.Error;
            using var app = StudyReading.Build([.. parsed.UnmatchedTokens]);
            await using var db = await app.Services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync(cancel);
            if (await FindStudy.ByNameAsync(db, parsed.GetValue(study)!, cancel) is not { } found)
            {
                await error.WriteLineAsync(await FindStudy.RefusalAsync(db, parsed.GetValue(study)!, cancel));
                return 1;
            }
            try
            {
                var wanted = ExportFormats.All.First(f => f.Word == parsed.GetValue(format)).Format;
                await WriteAsync(app.Services.GetRequiredService<ExportFiles>(), found.Id, wanted, filters.Of(parsed), parsed.GetValue(file)!.FullName, cancel);
                return 0;
            }
            catch (Exception problem) when (problem is RefusedException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(problem is RefusedException ? problem.Message : $"The file cannot be written: {problem.Message}");
                return 1;
            }
        });
        return command;
    }

    private static async Task WriteAsync(ExportFiles exports, Guid studyId, ExportFormat format, TrialFilter filter, string target, CancellationToken cancel)
    {
        var asFolder = format == ExportFormat.PsychDs && !target.EndsWith(".zip", StringComparison.OrdinalIgnoreCase);
        var writing = target.TrimEnd(Path.DirectorySeparatorChar) + ".part";
        try
        {
            var trailer = await exports.WriteToAsync(studyId, format, filter, writing, cancel);
            if (asFolder)
            {
                ZipFile.ExtractToDirectory(writing, target, overwriteFiles: true);
                return;
            }
            // Under its name only when it is whole.
            File.Move(writing, target, overwrite: true);
            var named = trailer with { Files = [trailer.Files[0] with { File = Path.GetFileName(target) }] };
            await File.WriteAllTextAsync(target + ".trailer.json", named.ToJson(), cancel);
            if (format == ExportFormat.Csv) await File.WriteAllTextAsync(Path.ChangeExtension(target, ".codebook.md"), Codebook.Markdown(), cancel);
        }
        finally
        {
            File.Delete(writing);
        }
    }
}

/// <summary>Finds the study that a command names.</summary>
internal static class FindStudy
{
    public static async Task<Study?> ByNameAsync(StudyDb db, string text, CancellationToken cancel)
    {
        var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
        var found = await db.Studies.Include(s => s.Versions).Where(s => s.Id == id || s.Name == text || s.LinkKey == text).OrderBy(s => s.Id).Take(2).ToListAsync(cancel);
        return found.Count == 1 ? found[0] : null;
    }

    public static async Task<string> RefusalAsync(StudyDb db, string text, CancellationToken cancel)
    {
        var names = await db.Studies.OrderBy(s => s.Name).Select(s => new { s.Name, s.LinkKey }).ToListAsync(cancel);
        if (names.Count(s => s.Name == text) > 1) return $"More than one study is called '{text}': use its link key ({string.Join(", ", names.Where(s => s.Name == text).Select(s => s.LinkKey))}).";
        return names.Count == 0
            ? "There is no study in this database: make one at /admin/studies."
            : $"There is no study '{text}'. There are: {string.Join(", ", names.Select(s => $"'{s.Name}'"))}.";
    }
}
