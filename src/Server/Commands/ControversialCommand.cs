using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>controversial synthesize</c>.</summary>
public static class ControversialCommand
{
    public static Command Create()
    {
        var command = new Command("controversial", "Make pictures in which two models see different things (Golan et al. 2020).");
        command.Subcommands.Add(Synthesize());
        return command;
    }

    private static Command Synthesize()
    {
        var (a, b) = (Side("a", "first"), Side("b", "second"));
        var output = new Option<string>("--out") { Description = "The PNG to write; the manifest is written beside it with the ending .json.", Required = true };
        var steps = new Option<int>("--steps") { Description = "Most gradient steps; it stops before when both models are sure.", DefaultValueFactory = _ => 1000 };
        var seed = new Option<int>("--seed") { Description = "Seed of the initial noise." };
        var threshold = new Option<double>("--threshold") { Description = "The probability that each model must give to its category in the saved picture.", DefaultValueFactory = _ => 0.75 };
        var (provider, json) = (SynthesisCommand.Provider(), SynthesisCommand.Json());
        var command = new Command("synthesize", "Make a picture in which model A sees one category and model B another.")
            { a.Model, a.Category, a.Pipeline, b.Model, b.Category, b.Pipeline, output, steps, seed, threshold, provider, json };
        command.Validators.Add(result =>
        {
            if (!string.Equals(Path.GetExtension(result.GetValue(output)), ".png", StringComparison.OrdinalIgnoreCase))
                result.AddError("--out must end in .png.");
        });
        SynthesisCommand.Demand(steps, value => value >= 1, "must be at least 1");
        SynthesisCommand.Demand(threshold, value => value is > 0 and < 1, "must lie between 0 and 1");
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, console) =>
            {
                var choice = await SynthesisCommand.ChooseProviderAsync(host, parsed.GetRequiredValue(provider), cancel);
                var request = new SynthesizeControversial(
                    await SideAsync(a), await SideAsync(b), Path.GetFullPath(parsed.GetRequiredValue(output)), parsed.GetValue(steps), parsed.GetValue(seed),
                    parsed.GetValue(threshold), choice);
                return await SynthesisProgressDisplay.CallAsync<ControversialResult>(console, host, request, $"{request.A.Category} against {request.B.Category}", cancel);

                async Task<ControversialSide> SideAsync((Option<string> Model, Option<string> Category, Option<string?> Pipeline) side)
                {
                    var file = Path.GetFullPath(parsed.GetRequiredValue(side.Model));
                    return new(file, await MetamerSynthesizeCommand.PicturePipelineOfAsync(host, file, parsed.GetValue(side.Pipeline), cancel), parsed.GetRequiredValue(side.Category));
                }
            },
            Print));
        return command;
    }

    private static (Option<string> Model, Option<string> Category, Option<string?> Pipeline) Side(string letter, string which) => (
        new($"--model-{letter}") { Description = $"The {which} model's ONNX file.", Required = true },
        new($"--category-{letter}") { Description = $"What the {which} model shall see: a category of its pipeline, or a class by name or number.", Required = true },
        new($"--pipeline-{letter}") { Description = $"The {which} model's P.json; without it, what the model's file tells." });

    private static void Print(ControversialResult result)
    {
        var table = new Table().AddColumns("model", "shall see", "probability", "sees");
        foreach (var (name, side) in new[] { ("A", result.A), ("B", result.B) })
            table.AddRow(name, Markup.Escape(side.Category), side.Probability.ToString("0.0000", CultureInfo.InvariantCulture), Markup.Escape(side.Answer.Category));
        AnsiConsole.Write(table);
        Console.Out.WriteLine(result.Accepted ? $"accepted after {result.Steps} steps: {result.Output}" : $"not accepted: {string.Join(' ', result.Reasons)}");
    }
}
