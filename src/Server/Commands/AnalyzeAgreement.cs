using System.CommandLine;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze agreement</c>: accuracy, entropy, confusions, error consistency and shape bias of all observers of one experiment.</summary>
internal static class AnalyzeAgreement
{
    public static Command Create()
    {
        var source = new AnalyzeSource("FILE.csv...", "Trials in the form of model-vs-human, all files of one experiment; or one file of trials that a study exports.");
        return source.Add(new Command("agreement", "Accuracy, entropy, confusions, error consistency and shape bias of observers.")).Printing(async (parsed, cancel) =>
        {
            var (observers, choices) = await source.StudyTrialsAsync(parsed, cancel) is { } trials ? OfTrials(trials) : OfFiles(source.Files(parsed));
            var summary = ChoiceSummary.Of(choices);
            return (observers, Document(summary), console => Print(console, summary));
        });
    }

    private static (ObserverKind?, IReadOnlyList<Choice>) OfTrials(IReadOnlyList<TrialRecord> trials) => (trials[0].SessionObserver, [.. Choice.Of(trials)]);

    private static (ObserverKind?, IReadOnlyList<Choice>) OfFiles(FileInfo[] files)
    {
        if (files.Length == 1 && AnalyzeSource.OfTrialFile(files[0])) return OfTrials(AnalyzeSource.Reading(files[0], TrialTable.Read));
        var table = new ModelVsHumanTable();
        foreach (var file in files)
        {
            AnalyzeSource.Reading(file, text =>
            {
                table.Add(text);
                return true;
            });
        }
        return (null, table.Choices);
    }

    private static object Document(ChoiceSummary s)
    {
        var document = new Dictionary<string, object?>
        {
            ["trials"] = s.Trials, ["accuracy"] = s.Accuracy, ["sem"] = s.OverObservers.Sem,
            ["subjects"] = s.Observers.Select(o => new { subject = o.Observer, o.Trials, o.Accuracy, o.Missing, o.EntropyBits, o.ReactionTimes }),
            ["conditions"] = s.Conditions,
            ["entropy"] = s.EntropyBits, ["entropyMissingAsResponse"] = s.EntropyBitsWithMissing,
            ["confusion"] = new { s.Confusion.Responses, rows = s.Confusion.Categories.Zip(s.Confusion.Counts, (category, counts) => new { category, counts }) },
            ["errorConsistency"] = new
            {
                mean = s.MeanKappa, pairs = s.Pairs.Select(p => new { p.A, p.B, p.Trials, p.Observed, p.Expected, p.Kappa, p.Bounds, p.Interval }),
            },
        };
        if (s.ShapeBias is { } bias)
        {
            document["shapeBias"] = new
            {
                bias.Overall, bias.Shape, bias.Texture, bias.Trials, bias.Interval,
                subjects = s.Observers.Where(o => o.ShapeBias is not null).Select(o => new { subject = o.Observer, o.ShapeBias!.Value.Overall, o.ShapeBias.Value.Shape, o.ShapeBias.Value.Texture, o.ShapeBias.Value.Trials }),
            };
        }
        return document;
    }

    private static void Print(IAnsiConsole console, ChoiceSummary s)
    {
        console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture,
            $"{s.Trials} trials, accuracy {s.Accuracy:0.000} (SEM over observers {s.OverObservers.Sem:0.000}), entropy {s.EntropyBits:0.000} bits, mean error consistency {AnalyzeCommands.Three(s.MeanKappa)}"));
        if (s.ShapeBias is { } bias) console.WriteLine($"Shape bias {AnalyzeCommands.Three(bias.Overall)}: {bias.Shape} decisions by shape, {bias.Texture} by texture");
        var observers = AnalyzeCommands.Numbers("Observers", 1, "observer", "trials", "accuracy", "no answer", "entropy", "median ms", "shape bias");
        foreach (var o in s.Observers)
        {
            observers.AddRow(o.Observer.EscapeMarkup(), $"{o.Trials}", AnalyzeCommands.Three(o.Accuracy), $"{o.Missing}", AnalyzeCommands.Three(o.EntropyBits),
                o.ReactionTimes is { } times ? times.MedianMs.ToString("0", System.Globalization.CultureInfo.InvariantCulture) : "", AnalyzeCommands.Three(o.ShapeBias?.Overall));
        }
        console.Write(observers);
        var conditions = AnalyzeCommands.Numbers("Conditions", 1, "condition", "trials", "accuracy", "SEM", "error consistency");
        foreach (var c in s.Conditions) conditions.AddRow(c.Condition.EscapeMarkup(), $"{c.Trials}", AnalyzeCommands.Three(c.Accuracy), AnalyzeCommands.Three(c.Sem), AnalyzeCommands.Three(c.MeanKappa));
        console.Write(conditions);
        var confusion = AnalyzeCommands.Numbers("Confusions", 1, ["shown", .. s.Confusion.Responses.Select(r => r.EscapeMarkup())]);
        foreach (var (category, counts) in s.Confusion.Categories.Zip(s.Confusion.Counts)) confusion.AddRow([category.EscapeMarkup(), .. counts.Select(n => n == 0 ? "" : $"{n}")]);
        console.Write(confusion);
    }
}
