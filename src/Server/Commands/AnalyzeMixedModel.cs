using System.CommandLine;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze mixed-model</c>: right answers by stage with participants and stimuli as random effects, from trials.</summary>
internal static class AnalyzeMixedModel
{
    public static Command Create()
    {
        var source = new AnalyzeSource("TRIALS.csv", "Trials that a study exports.", most: 1);
        var model = new Option<string>("--model") { Description = "The generating model whose stages are compared with natural.", Required = true };
        return source.Add(new Command("mixed-model", "Logistic mixed model of right answers: stage, with participants and natural stimuli as random effects.") { model }).Printing(async (parsed, cancel) =>
        {
            var trials = await source.StudyTrialsAsync(parsed, cancel) ?? AnalyzeSource.Reading(source.Files(parsed)[0], TrialTable.Read);
            var result = RecognitionMixedModel.Of(trials, parsed.GetValue(model)!);
            if (result.LeftOut.Count > 0)
                await parsed.InvocationConfiguration.Error.WriteLineAsync($"Left out because everybody or nobody was right: {string.Join(", ", result.LeftOut)}.");
            var fit = result.Fit;
            var document = new { model = result.GeneratingModel, result.Reference, result.LeftOut, fit.Observations, fit.Fixed, fit.Random, fit.Deviance, fit.Aic, fit.Bic };
            return (trials[0].SessionObserver, document, console => Print(console, result));
        });
    }

    private static void Print(IAnsiConsole console, RecognitionMixedModel result)
    {
        var table = AnalyzeCommands.Numbers($"Log odds of a right answer, {result.GeneratingModel} (intercept: {result.Reference})", 1, "", "estimate", "SE", "z", "p");
        foreach (var e in result.Fit.Fixed)
            table.AddRow(e.Name.EscapeMarkup(), AnalyzeCommands.Three(e.Estimate), AnalyzeCommands.Three(e.StandardError), AnalyzeCommands.Three(e.Z), AnalyzeCommands.P(e.P));
        console.Write(table);
        foreach (var r in result.Fit.Random) console.WriteLine($"{r.Name}: SD {AnalyzeCommands.Three(r.Sd)}, {r.Levels} levels");
        console.WriteLine(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{result.Fit.Observations} trials, deviance {result.Fit.Deviance:0.0}, AIC {result.Fit.Aic:0.0}, BIC {result.Fit.Bic:0.0}"));
    }
}
