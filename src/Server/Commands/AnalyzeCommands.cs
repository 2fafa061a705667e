using System.CommandLine;
using System.Text.Json;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Statistics;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze</c>: statistics of tables in files, without a database.</summary>
public static class AnalyzeCommands
{
    public static Command Create()
    {
        var file = new Argument<FileInfo>("FILE.csv") { Description = "Proportions correct per participant and stage, or the trials that a study exports." };
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        var curves = new Command("curves", "Per model and stage: n, human and network mean and SEM.") { file, json };
        curves.SetAction(parsed => Curves(parsed.GetValue(file)!, parsed.GetValue(json), parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error));
        return new Command("analyze", "Statistics of tables in files.") { curves };
    }

    private static int Curves(FileInfo file, bool json, TextWriter output, TextWriter error)
    {
        IReadOnlyList<StageCurve> curves;
        try
        {
            curves = StageAccuracyTable.Curves(Read(file));
        }
        catch (Exception problem) when (problem is FormatException or IOException or UnauthorizedAccessException)
        {
            error.WriteLine(problem is FormatException ? $"{file.Name}: {problem.Message}" : $"{file.FullName} cannot be read: {problem.Message}");
            return 1;
        }
        if (json) output.WriteLine(JsonSerializer.Serialize(new { curves = curves.Select(AsJson) }, JsonSerializerOptions.Web));
        else Print(curves, output);
        return 0;
    }

    /// <summary>A table of participants and stages, or the trials that the product exports, from which that table is made.</summary>
    private static IReadOnlyList<StageAccuracy> Read(FileInfo file)
    {
        using (var first = file.OpenText())
        {
            if (!TrialTable.IsHeader(first.ReadLine() ?? "")) return Table();
        }
        using var text = file.OpenText();
        var trials = TrialTable.Read(text);
        return RecognitionCurve.Of(trials).StageAccuracies(trials[0].Study);

        IReadOnlyList<StageAccuracy> Table()
        {
            using var rows = file.OpenText();
            return StageAccuracyTable.Read(rows);
        }
    }

    private static object AsJson(StageCurve c) => new
    {
        c.Modality, c.Experiment, c.Model, c.StageIndex, c.Stage, c.N,
        Human = c.Human is { } human ? new { human.Mean, human.Sem } : null,
        Network = c.Network is { } network ? new { network.Mean, network.Sem } : null,
    };

    private static void Print(IReadOnlyList<StageCurve> curves, TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        foreach (var model in curves.GroupBy(c => (c.Modality, c.Experiment, c.Model)))
        {
            var table = new Table().Title($"{model.Key.Model.EscapeMarkup()} ({model.Key.Modality.EscapeMarkup()} {model.Key.Experiment.EscapeMarkup()})").Border(TableBorder.Simple)
                .AddColumns("stage", "n", "human mean", "SEM", "network mean", "SEM");
            foreach (var column in table.Columns.Skip(1)) column.RightAligned();
            foreach (var c in model)
                table.AddRow(c.Stage.EscapeMarkup(), $"{c.N}", Three(c.Human?.Mean), Three(c.Human?.Sem), Three(c.Network?.Mean), Three(c.Network?.Sem));
            console.Write(table);
        }
    }

    private static string Three(double? value) => value is { } number ? number.ToString("0.000") : "";
}
