using System.CommandLine;
using PerceptionStudy.Server.Analysis.Statistics;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze anova</c>: the published analyses of variance of proportion correct over stages, with permutation tests and pairwise contrasts.</summary>
internal static class AnalyzeAnova
{
    private static readonly string[] Designs = ["mixed", "within", "oneway"];

    public static Command Create()
    {
        var source = new AnalyzeSource("FILE.csv", "Proportions correct per participant and stage, or the trials that a study exports.", most: 1);
        var design = new Option<string>("--design") { Description = "mixed: people and network by stage. within: stage by model, people only. oneway: stage, people only.", Required = true };
        design.AcceptOnlyFromAmong(Designs);
        var experiment = new Option<string?>("--experiment") { Description = "Which experiment of the file; needed where more than one has the models." };
        var modality = new Option<string?>("--modality") { Description = "vision or audio, where both have an experiment of that name." };
        var model = new Option<string[]>("--model") { Description = "The generating model; for within two or more, with commas between.", Required = true };
        var drop = new Option<string[]>("--drop") { Description = "A stage to leave out, for example final; may be given more than once." };
        var permutations = new Option<int>("--permutations") { Description = "Of each permutation test; 0 for none.", DefaultValueFactory = _ => 10_000 };
        permutations.Validators.Add(found => { if (found.GetValueOrDefault<int>() is < 0 or > 10_000_000) found.AddError("--permutations needs a number from 0 to 10000000."); });
        var seed = new Option<int>("--seed") { Description = "The same seed gives the same permutations.", DefaultValueFactory = _ => 1 };
        var command = new Command("anova", "Analysis of variance over stages, as published.") { design, experiment, modality, model, drop, permutations, seed };
        command.Validators.Add(found =>
        {
            var models = Names(found.GetValue(model));
            if (found.GetValue(design) is "within" ? models.Length < 2 : models.Length != 1)
                found.AddError(found.GetValue(design) is "within" ? "--design within compares models: give two or more with --model A,B." : $"--design {found.GetValue(design)} takes one --model.");
        });
        return source.Add(command).Printing(async (parsed, cancel) =>
        {
            var (observers, rows) = await source.StageAccuraciesAsync(parsed, cancel);
            var kind = parsed.GetValue(design)!;
            var cells = StageCells.Of(rows, parsed.GetValue(modality), parsed.GetValue(experiment), Names(parsed.GetValue(model)), Names(parsed.GetValue(drop)), network: kind == "mixed");
            var (times, from) = (parsed.GetValue(permutations), parsed.GetValue(seed));
            var (table, contrasts) = kind switch
            {
                "mixed" => (StageAnova.Mixed(cells.People, cells.Network!, times, from), PairwiseContrasts.ObserversAtStages(cells.People, cells.Network!, cells.Stages)),
                "within" => (StageAnova.Within(cells.People, cells.Models.Count, times, from), PairwiseContrasts.ModelsAtStages(cells.People, cells.Models, cells.Stages)),
                _ => (StageAnova.OneWay(cells.People, times, from), PairwiseContrasts.Columns(cells.People, cells.Stages)),
            };
            if (cells.LeftOut.Count > 0)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"Left out because they have no value in some cell: {string.Join(", ", cells.LeftOut)}.");
            return (observers, Document(kind, cells, table, contrasts, times, from), console => Print(console, cells, table, contrasts));
        });
    }

    private static object Document(string design, StageCells cells, AnovaTable table, IReadOnlyList<Contrast> contrasts, int permutations, int seed) => new
    {
        design, cells.Modality, cells.Experiment, cells.Models, cells.Stages, participants = cells.Participants.Count, cells.LeftOut, permutations, seed,
        effects = table.Effects.Select(Row),
        intercept = Row(table.Intercept),
        contrasts,
    };

    private static object Row(AnovaEffect e) => new
    {
        e.Effect, ss = e.SumOfSquares, e.Df, errorSs = e.ErrorSumOfSquares, e.ErrorDf, e.F, e.P, e.PGreenhouseGeisser, e.PHuynhFeldt, e.PLowerBound, e.PartialEtaSquared,
        pPermutation = e.Permutation?.Published, pPermutationPlusOne = e.Permutation?.PlusOne, e.Epsilon, e.Reason,
    };

    private static void Print(IAnsiConsole console, StageCells cells, AnovaTable table, IReadOnlyList<Contrast> contrasts)
    {
        var rows = AnalyzeCommands.Numbers($"{string.Join(", ", cells.Models)} ({cells.Modality} {cells.Experiment}, {cells.Participants.Count} participants)", 1,
            "effect", "SS", "df", "error SS", "error df", "F", "p", "p GG", "p HF", "p LB", "partial η²", "p perm.");
        foreach (var e in table.Effects)
        {
            rows.AddRow(e.Effect, Five(e.SumOfSquares), $"{e.Df}", Five(e.ErrorSumOfSquares), $"{e.ErrorDf}", Five(e.F), AnalyzeCommands.P(e.P), AnalyzeCommands.P(e.PGreenhouseGeisser),
                AnalyzeCommands.P(e.PHuynhFeldt), AnalyzeCommands.P(e.PLowerBound), Five(e.PartialEtaSquared), e.Permutation is { } p ? Five(p.Published) : "");
        }
        console.Write(rows);
        foreach (var reason in table.Effects.Select(e => e.Reason).OfType<string>()) console.WriteLine(reason);
        var pairs = AnalyzeCommands.Numbers("Pairwise contrasts", 3, "stage", "", "less", "difference", "t", "df", "p", "p Holm");
        foreach (var c in contrasts)
        {
            pairs.AddRow((c.Stage ?? "").EscapeMarkup(), c.First.EscapeMarkup(), c.Second.EscapeMarkup(), AnalyzeCommands.Three(c.Difference), AnalyzeCommands.Three(c.T),
                Five(c.Df), AnalyzeCommands.P(c.P), AnalyzeCommands.P(c.PHolm));
        }
        console.Write(pairs);
    }

    private static string Five(double? value) => value is { } number ? number.ToString("G5", System.Globalization.CultureInfo.InvariantCulture) : "";

    private static string[] Names(string[]? given) => [.. (given ?? []).SelectMany(g => g.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))];
}
