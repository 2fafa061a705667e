using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>eigendistortion compute</c>.</summary>
public static class EigendistortionCommand
{
    private sealed record Answer(EigendistortionResult[] Eigendistortions);

    public static Command Create()
    {
        var command = new Command("eigendistortion", "Find the changes of a picture that a stage notices most and least (Berardino et al. 2017).");
        command.Subcommands.Add(Compute());
        return command;
    }

    private static Command Compute()
    {
        var (model, pipeline, stages) = (MetamerCommands.Model(), MetamerCommands.Pipeline(), MetamerCommands.Stages());
        var inputs = new Option<string[]>("--input") { Description = "Natural pictures.", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "Folder for two PNGs, two .npy and one manifest per input and stage.", Required = true };
        var iterations = new Option<int>("--iterations") { Description = "Most products with the matrix for each of the two.", DefaultValueFactory = _ => 500 };
        var tolerance = new Option<double>("--tolerance") { Description = "The residual, as a share of the largest eigenvalue, that is good enough.", DefaultValueFactory = _ => 0.001 };
        var rms = new Option<double>("--rms") { Description = "Root mean square of the distortion in the saved pictures, pixel units 0 to 1.", DefaultValueFactory = _ => 0.05 };
        var seed = new Option<int>("--seed") { Description = "Seed of the first directions." };
        var (provider, json) = (SynthesisCommand.Provider(), SynthesisCommand.Json());
        var command = new Command("compute", "Compute the most and the least noticeable distortion of pictures at stages.")
            { model, inputs, stages, output, pipeline, iterations, tolerance, rms, seed, provider, json };
        SynthesisCommand.Demand(iterations, value => value >= 1, "must be at least 1");
        SynthesisCommand.Demand(tolerance, value => value > 0, "must be more than 0");
        SynthesisCommand.Demand(rms, value => value is > 0 and <= 1, "must be more than 0 and at most 1");
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, console) =>
            {
                var file = Path.GetFullPath(parsed.GetRequiredValue(model));
                var how = await MetamerSynthesizeCommand.PicturePipelineOfAsync(host, file, parsed.GetValue(pipeline), cancel);
                var choice = await SynthesisCommand.ChooseProviderAsync(host, parsed.GetRequiredValue(provider), cancel);
                var results = new List<EigendistortionResult>();
                foreach (var input in parsed.GetRequiredValue(inputs))
                    foreach (var stage in parsed.GetRequiredValue(stages))
                    {
                        var name = Path.ChangeExtension(MetamerSynthesizeCommand.OutputName(input, stage), null);
                        var request = new ComputeEigendistortions(
                            file, how, Path.GetFullPath(input), stage, Path.Combine(Path.GetFullPath(parsed.GetRequiredValue(output)), name), parsed.GetValue(iterations),
                            parsed.GetValue(tolerance), parsed.GetValue(rms), parsed.GetValue(seed), choice);
                        results.Add(await SynthesisProgressDisplay.CallAsync<EigendistortionResult>(console, host, request, name, cancel));
                    }
                return new Answer([.. results]);
            },
            answer => Print(answer.Eigendistortions)));
        return command;
    }

    private static void Print(EigendistortionResult[] results)
    {
        var table = new Table().AddColumns("natural", "stage", "largest eigenvalue", "smallest", "moves by", "and", "iterations", "s", "accepted");
        foreach (var r in results)
            table.AddRow(
                Markup.Escape(Path.GetFileName(r.Input)), Markup.Escape(r.Stage), Number(r.Most.Eigenvalue, "G4"), Number(r.Least.Eigenvalue, "G4"), Number(r.Most.DistanceOfSavedFile, "G4"),
                Number(r.Least.DistanceOfSavedFile, "G4"), $"{r.Most.Iterations}, {r.Least.Iterations}", Number(r.Seconds, "0.0"), r.Accepted ? "yes" : Markup.Escape(string.Join(' ', r.Reasons)));
        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
