using System.CommandLine;
using PerceptionStudy.Server.Analysis.Statistics;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze curves</c>: proportion correct per model and stage, and the noise ceiling of each experiment.</summary>
internal static class AnalyzeCurves
{
    public static Command Create()
    {
        var source = new AnalyzeSource("FILE.csv", "Proportions correct per participant and stage, or the trials that a study exports.", most: 1);
        var seed = new Option<int>("--seed") { Description = "Of the bootstrap and of the random halves.", DefaultValueFactory = _ => 1 };
        return source.Add(new Command("curves", "Per model and stage: n, human and network mean, SEM and 95 % interval.") { seed }).Printing(async (parsed, cancel) =>
        {
            var (observers, rows) = await source.StageAccuraciesAsync(parsed, cancel);
            var curves = StageAccuracyTable.Curves(rows, seed: parsed.GetValue(seed));
            var ceilings = rows.GroupBy(r => (r.Modality, r.Experiment))
                .Select(e => (e.Key.Modality, e.Key.Experiment, Ceiling: NoiseCeiling.Of(StageAccuracyTable.Proportions(e), seed: parsed.GetValue(seed)))).ToList();
            var document = new
            {
                curves = curves.Select(c => new
                {
                    c.Modality, c.Experiment, c.Model, c.StageIndex, c.Stage, c.N,
                    Human = c.Human is { } human ? new { human.Mean, human.Sem, Interval = c.HumanInterval } : null,
                    Network = c.Network is { } network ? new { network.Mean, network.Sem, Interval = c.NetworkInterval } : null,
                }),
                noiseCeilings = ceilings.Select(c => new
                {
                    c.Modality, c.Experiment, c.Ceiling.Participants, c.Ceiling.Conditions, c.Ceiling.SplitHalf, c.Ceiling.LeaveOneOutLower, c.Ceiling.LeaveOneOutUpper,
                }),
            };
            return (observers, document, console => Print(console, curves, ceilings));
        });
    }

    private static void Print(IAnsiConsole console, IReadOnlyList<StageCurve> curves, IEnumerable<(string Modality, string Experiment, NoiseCeiling Ceiling)> ceilings)
    {
        foreach (var model in curves.GroupBy(c => (c.Modality, c.Experiment, c.Model)))
        {
            var table = AnalyzeCommands.Numbers($"{model.Key.Model} ({model.Key.Modality} {model.Key.Experiment})", 1, "stage", "n", "human mean", "SEM", "95 %", "network mean", "SEM", "95 %");
            foreach (var c in model)
            {
                table.AddRow(c.Stage.EscapeMarkup(), $"{c.N}", AnalyzeCommands.Three(c.Human?.Mean), AnalyzeCommands.Three(c.Human?.Sem), Range(c.HumanInterval),
                    AnalyzeCommands.Three(c.Network?.Mean), AnalyzeCommands.Three(c.Network?.Sem), Range(c.NetworkInterval));
            }
            console.Write(table);
        }
        var ceiling = AnalyzeCommands.Numbers("Noise ceiling of people's condition means", 2, "", "experiment", "participants", "conditions", "split-half", "leave-one-out lower", "upper");
        foreach (var (modality, experiment, c) in ceilings)
        {
            ceiling.AddRow(modality.EscapeMarkup(), experiment.EscapeMarkup(), $"{c.Participants}", $"{c.Conditions}", AnalyzeCommands.Three(c.SplitHalf),
                AnalyzeCommands.Three(c.LeaveOneOutLower), AnalyzeCommands.Three(c.LeaveOneOutUpper));
        }
        console.Write(ceiling);
    }

    private static string Range(Interval? interval) => interval is { } i ? $"{AnalyzeCommands.Three(i.Lower)}–{AnalyzeCommands.Three(i.Upper)}" : "";
}
