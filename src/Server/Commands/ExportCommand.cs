using System.CommandLine;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Export;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>export STUDY --format csv --out FILE</c>: the trial table, with its codebook beside it; or the table of participants.</summary>
public static class ExportCommand
{
    public static Command Create()
    {
        var study = new Argument<string>("STUDY") { Description = "Name, link key or id of the study." };
        var format = new Option<string>("--format")
        {
            Description = "csv: one row for each trial; participants: one row for each participant, stage and generating model.", DefaultValueFactory = _ => "csv",
        };
        format.AcceptOnlyFromAmong("csv", "participants");
        var file = new Option<FileInfo>("--out") { Description = "The file to write; the codebook is written beside it.", Required = true };
        var synthetic = new Option<bool>("--synthetic") { Description = "Synthetic observers instead of people." };
        var incomplete = new Option<bool>("--incomplete") { Description = "Also sessions that were not finished." };
        var version = new Option<int?>("--study-version") { Description = "Only this version of the study; all by default." };
        var command = new Command("export", "Write the trials of a study to a file.") { study, format, file, synthetic, incomplete, version };
        command.TreatUnmatchedTokensAsErrors = false;
        command.SetAction(async (parsed, cancel) =>
        {
            await using var app = ServerHost.Build([.. parsed.UnmatchedTokens]);
            var databases = app.Services.GetRequiredService<IDbContextFactory<StudyDb>>();
            await using var db = await databases.CreateDbContextAsync(cancel);
            if (await FindStudy.ByNameAsync(db, parsed.GetValue(study)!, cancel) is not { } found)
            {
                await parsed.InvocationConfiguration.Error.WriteLineAsync(await FindStudy.RefusalAsync(db, parsed.GetValue(study)!, cancel));
                return 1;
            }
            var filter = new TrialFilter(parsed.GetValue(synthetic) ? ObserverType.Synthetic : ObserverType.Human, parsed.GetValue(version), parsed.GetValue(incomplete));
            var target = parsed.GetValue(file)!;
            var trials = app.Services.GetRequiredService<TrialQuery>().ReadAsync(found.Id, filter, cancel);
            await using var stream = target.Create();
            if (parsed.GetValue(format) == "participants")
            {
                await StageAccuracyTable.WriteAsync((await RecognitionCurve.OfAsync(trials, cancel)).StageAccuracies(found.Name), stream, cancel);
                return 0;
            }
            await TrialCsv.WriteAsync(trials, stream, cancel);
            await File.WriteAllTextAsync(Path.ChangeExtension(target.FullName, ".codebook.md"), Codebook.Markdown(), cancel);
            return 0;
        });
        return command;
    }
}

/// <summary>Finds the study that a command names.</summary>
internal static class FindStudy
{
    public static async Task<Study?> ByNameAsync(StudyDb db, string text, CancellationToken cancel)
    {
        var id = Guid.TryParse(text, out var parsed) ? parsed : Guid.Empty;
        var found = await db.Studies.Where(s => s.Id == id || s.Name == text || s.LinkKey == text).Take(2).ToListAsync(cancel);
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
