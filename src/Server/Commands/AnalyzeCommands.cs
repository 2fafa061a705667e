using System.CommandLine;
using System.Text.Json;
using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Data;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>analyze</c>: statistics of tables in files, or of a study. Each prints tables for people or, with <c>--json</c>, one document.</summary>
public static class AnalyzeCommands
{
    private static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web);

    public static Command Create() => new("analyze", "Statistics of tables in files, or of a study.")
    {
        AnalyzeCurves.Create(), AnalyzeAnova.Create(), AnalyzeMixedModel.Create(), AnalyzeAgreement.Create(), AnalyzeCrossModel.Create(),
    };

    /// <summary>Adds <c>--json</c> and the action: what it computes is printed whole or not at all; what is wrong with the data becomes one sentence and exit code 1.</summary>
    /// <param name="compute">Returns whose sessions it is about, if the data tell; the document for <c>--json</c>; and what prints it for people.</param>
    internal static Command Printing(this Command command, Func<ParseResult, CancellationToken, Task<(ObserverKind? Observers, object Document, Action<IAnsiConsole> Print)>> compute)
    {
        var json = new Option<bool>("--json") { Description = "Print one JSON document." };
        command.Options.Add(json);
        command.SetAction(async (parsed, cancel) =>
        {
            var (output, error) = (parsed.InvocationConfiguration.Output, parsed.InvocationConfiguration.Error);
            try
            {
                var (observers, document, print) = await compute(parsed, cancel);
                if (parsed.GetValue(json))
                {
                    var written = JsonSerializer.SerializeToNode(document, Json)!.AsObject();
                    if (observers is { } whose) written.Insert(0, "observers", Words.Of(whose));
                    await output.WriteLineAsync(written.ToJsonString(Json));
                    return 0;
                }
                var console = ConsoleOn(output);
                if (observers is ObserverKind.Synthetic) console.WriteLine("SIMULATED answers of synthetic observers, no data of people.");
                if (observers is ObserverKind.Preview) console.WriteLine("PREVIEW: answers of researchers who tried a draft, no data of participants.");
                print(console);
                return 0;
            }
            catch (Exception problem) when (problem is FormatException or RefusedException or IOException or UnauthorizedAccessException)
            {
                await error.WriteLineAsync(problem.Message);
                return 1;
            }
        });
        return command;
    }

    private static IAnsiConsole ConsoleOn(TextWriter output)
    {
        var console = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(output) });
        // A file is as wide as it needs to be.
        if (Console.IsOutputRedirected) console.Profile.Width = 240;
        return console;
    }

    /// <summary>A table of which all columns but the first <paramref name="words"/> are numbers.</summary>
    internal static Table Numbers(string title, int words, params string[] columns)
    {
        var table = new Table().Title(title.EscapeMarkup()).Border(TableBorder.Simple).AddColumns(columns);
        foreach (var column in table.Columns.Skip(words)) column.RightAligned();
        return table;
    }

    internal static string Three(double? value) => value is { } number ? number.ToString("0.000", System.Globalization.CultureInfo.InvariantCulture) : "";

    /// <summary>A p-value: three digits, and as a power of ten where it is small.</summary>
    internal static string P(double? value) => value is { } p ? p.ToString(p is > 0 and < 0.001 ? "0.0e-0" : "0.000", System.Globalization.CultureInfo.InvariantCulture) : "";
}
