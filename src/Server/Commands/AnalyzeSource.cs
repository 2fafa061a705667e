using System.CommandLine;
using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Results;
using PerceptionStudy.Server.Analysis.Statistics;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Commands;

/// <summary>Where <c>analyze</c> takes its data from: files, or a study of the database with <c>--study</c>.</summary>
internal sealed class AnalyzeSource
{
    // As text, because settings of the host (--DataFolder=...) may stand among the files.
    private readonly Argument<string[]> files;
    private readonly Option<string?> study = new("--study") { Description = "Name, link key or id of a study, in place of files." };
    private readonly TrialFilterOptions filters = new();

    /// <param name="least">Number of files needed, and of those allowed <paramref name="most"/>.</param>
    public AnalyzeSource(string name, string description, int least = 1, int most = int.MaxValue)
    {
        files = new Argument<string[]>(name) { Description = description, Arity = ArgumentArity.ZeroOrMore };
        Add = command =>
        {
            command.Arguments.Add(files);
            foreach (var option in (Option[])[study, .. filters.All]) command.Options.Add(option);
            command.Validators.Add(found =>
            {
                var (given, settings) = Split(found.GetValue(files));
                if (found.GetValue(study) is not null)
                {
                    if (given.Length > 0) found.AddError("Give files or --study, not both.");
                    return;
                }
                if (filters.All.FirstOrDefault(o => found.GetResult(o) is { Implicit: false }) is { } chosen) found.AddError($"{chosen.Name} chooses among the trials of a study: give the study with --study.");
                else if (settings.Length > 0) found.AddError($"'{settings[0]}' is no option of analyze {command.Name}.");
                else if (given.Length < least) found.AddError(least == 1 ? $"Give {name}, or a study with --study." : $"Give {name} (at least {least} files), or a study with --study.");
                else if (given.Length > most) found.AddError($"analyze {command.Name} takes {most} file, and {given.Length} were given.");
            });
            return command;
        };
    }

    /// <summary>Adds argument, options and their rules to a command.</summary>
    public Func<Command, Command> Add { get; }

    public FileInfo[] Files(ParseResult parsed) => [.. Split(parsed.GetValue(files)).Files.Select(f => new FileInfo(f))];

    /// <summary>The trials of the study that was named, or null where files were.</summary>
    public async Task<IReadOnlyList<TrialRecord>?> StudyTrialsAsync(ParseResult parsed, CancellationToken cancel)
    {
        if (parsed.GetValue(study) is not { } name) return null;
        // Standard output is the document's alone.
        using var app = StudyReading.Build(["--Logging:Console:LogToStandardErrorThreshold=Trace", .. Split(parsed.GetValue(files)).Settings]);
        try
        {
            await using var db = await app.Services.GetRequiredService<IDbContextFactory<StudyDb>>().CreateDbContextAsync(cancel);
            var found = await FindStudy.ByNameAsync(db, name, cancel) ?? throw new RefusedException(await FindStudy.RefusalAsync(db, name, cancel));
            var filter = filters.Of(parsed);
            if (filter.Observers == ObserverType.Human && found.Blinded) throw new RefusedException("This study is blind while it is open: nobody reads its data before it is closed.", Refusal.NotAllowed);
            await TrialQuery.DemandRecruiterAsync(db, found.Id, filter, cancel);
            var trials = await app.Services.GetRequiredService<TrialQuery>().ReadAsync(found.Id, filter, cancel).ToListAsync(cancel);
            if (trials.Count == 0) throw new RefusedException($"'{found.Name}' has no such answers yet: there are --incomplete sessions, --synthetic observers and --preview tries of drafts to ask for.");
            if (filter.Observers == ObserverType.Human) await ResultLooks.CountAsync(db, found, seen: true, app.Services.GetRequiredService<TimeProvider>(), cancel);
            return trials;
        }
        catch (DbException problem)
        {
            throw new RefusedException($"The database cannot be read ({problem.Message}): check its settings, and run migrate if it is new.");
        }
    }

    /// <summary>Participants and stages: of the study, or of one file, which may be such a table or the trials that the product exports. Such a table does not tell whose they are.</summary>
    public async Task<(ObserverKind? Observers, IReadOnlyList<StageAccuracy> Rows)> StageAccuraciesAsync(ParseResult parsed, CancellationToken cancel) =>
        await StudyTrialsAsync(parsed, cancel) is { } trials ? OfTrials(trials) : StageAccuracies(Files(parsed)[0]);

    public static (ObserverKind? Observers, IReadOnlyList<StageAccuracy> Rows) StageAccuracies(FileInfo file) =>
        Reading(file, text => OfTrialFile(file) ? OfTrials(TrialTable.Read(text)) : (null, StageAccuracyTable.Read(text)));

    /// <summary>Whether a file is our own trial table.</summary>
    public static bool OfTrialFile(FileInfo file) => Reading(file, text => TrialTable.IsHeader(text.ReadLine() ?? ""));

    /// <summary>Reads a file; what is wrong is said with its name.</summary>
    public static T Reading<T>(FileInfo file, Func<TextReader, T> read)
    {
        try
        {
            using var text = file.OpenText();
            return read(text);
        }
        catch (FormatException problem)
        {
            throw new FormatException($"{file.Name}: {problem.Message}", problem);
        }
        catch (Exception problem) when (problem is IOException or UnauthorizedAccessException)
        {
            throw new IOException($"{file.FullName} cannot be read: {problem.Message}", problem);
        }
    }

    private static (ObserverKind? Observers, IReadOnlyList<StageAccuracy> Rows) OfTrials(IReadOnlyList<TrialRecord> trials) =>
        (trials[0].SessionObserver, RecognitionCurve.Of(trials).StageAccuracies(trials[0].Study, trials[0].Medium));

    private static (string[] Files, string[] Settings) Split(string[]? tokens) =>
        ([.. (tokens ?? []).Where(t => !t.StartsWith("--", StringComparison.Ordinal))], [.. (tokens ?? []).Where(t => t.StartsWith("--", StringComparison.Ordinal))]);
}
