using System.CommandLine;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze cross-model</c>: do people recognise the metamers that other models recognise?</summary>
internal static class AnalyzeCrossModel
{
    public static Command Create()
    {
        var source = new AnalyzeSource("CROSS.csv HUMANS.csv...", "Proportions correct of models on each other's metamers, then those of participants, all experiments together.", least: 2);
        return source.Add(new Command("cross-model", "Agreement of people and other models over all conditions of model and stage.")).Printing(async (parsed, cancel) =>
        {
            var (observers, result) = await source.StudyTrialsAsync(parsed, cancel) is { } trials ? (trials[0].SessionObserver, OfStudy(trials)) : ((ObserverKind?)null, OfFiles(source.Files(parsed)));
            if (result.Points.Count == 0)
                throw new FormatException("No condition of model and stage stands in both, so nothing can be compared: check that the tables name models and stages alike.");
            if (result.Unmatched.Count > 0)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"In one of the two only, and left out: {string.Join(", ", result.Unmatched)}.");
            var a = result.Agreement;
            var document = new
            {
                a.N, a.Spearman, a.Pearson, a.R2, a.KendallTau,
                intervals = new { spearman = a.SpearmanInterval, pearson = a.PearsonInterval, r2 = a.R2Interval, kendallTau = a.KendallInterval },
                result.Points, result.Unmatched,
            };
            return (observers, document, console => Print(console, a));
        });
    }

    private static CrossModelAgreement OfFiles(FileInfo[] files) =>
        CrossModelAgreement.Of(AnalyzeSource.Reading(files[0], CrossModelTable.Read), [.. files[1..].SelectMany(f => AnalyzeSource.StageAccuracies(f).Rows)]);

    private static CrossModelAgreement OfStudy(IReadOnlyList<TrialRecord> trials)
    {
        var curve = RecognitionCurve.Of(trials);
        var models = from panel in curve.Panels(resamples: 0)
                     from line in panel.Lines
                     where line.Observer == ObserverKind.Model
                     from point in line.Points
                     select new CrossModelAccuracy(panel.GeneratingModel, line.Name, point.Stage, point.Value.Mean);
        return CrossModelAgreement.Of([.. models], curve.StageAccuracies(trials[0].Study, trials[0].Medium));
    }

    private static void Print(IAnsiConsole console, Agreement a)
    {
        var table = AnalyzeCommands.Numbers($"People and other models, {a.N} conditions", 1, "", "value", "95 % lower", "upper");
        foreach (var (name, value, interval) in ((string, double?, Interval?)[])
            [("Spearman ρ", a.Spearman, a.SpearmanInterval), ("Pearson r", a.Pearson, a.PearsonInterval), ("Pearson R²", a.R2, a.R2Interval), ("Kendall τ", a.KendallTau, a.KendallInterval)])
        {
            table.AddRow(name, AnalyzeCommands.Three(value), AnalyzeCommands.Three(interval?.Lower), AnalyzeCommands.Three(interval?.Upper));
        }
        console.Write(table);
    }
}
