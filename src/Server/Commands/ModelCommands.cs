using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>model inspect</c> and <c>model gradient</c>.</summary>
public static class ModelCommands
{
    public static Command Create()
    {
        var command = new Command("model", "Look into an ONNX model.");
        command.Subcommands.Add(Inspect());
        command.Subcommands.Add(Gradient());
        return command;
    }

    private static Command Inspect()
    {
        var file = new Argument<string>("FILE") { Description = "The ONNX file." };
        var json = SynthesisCommand.Json();
        var command = new Command("inspect", "List a model's inputs and the stages that a metamer can match.") { file, json };
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            (host, _) => host.CallAsync<ModelDescription>(new InspectModel(Path.GetFullPath(parsed.GetRequiredValue(file))), cancel: cancel),
            Print));
        return command;
    }

    private static Command Gradient()
    {
        var file = new Argument<string>("FILE") { Description = "The ONNX file." };
        var stage = new Option<string>("--stage") { Description = "Name or tensor of the stage.", Required = true };
        var natural = new Option<string>("--natural") { Description = "The natural input as .npy (float32, the model's own input shape).", Required = true };
        var at = new Option<string>("--at") { Description = "The point at which the gradient is taken, the same kind of file.", Required = true };
        var output = new Option<string>("--out") { Description = "The .npy to write.", Required = true };
        var identity = MetamerCommands.IdentityRelu();
        var (provider, json) = (SynthesisCommand.Provider(), SynthesisCommand.Json());
        var command = new Command("gradient", "Compute the gradient of the metamer loss by the model's input, for checks from outside.")
            { file, stage, natural, at, output, identity, provider, json };
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, _) =>
            {
                var choice = await SynthesisCommand.ChooseProviderAsync(host, parsed.GetRequiredValue(provider), cancel);
                return await host.CallAsync<GradientResult>(
                    new ComputeGradient(
                        Path.GetFullPath(parsed.GetRequiredValue(file)), parsed.GetRequiredValue(stage), Path.GetFullPath(parsed.GetRequiredValue(natural)),
                        Path.GetFullPath(parsed.GetRequiredValue(at)), Path.GetFullPath(parsed.GetRequiredValue(output)), parsed.GetValue(identity) == "on", choice),
                    cancel: cancel);
            },
            result => Console.Out.WriteLine(string.Create(CultureInfo.InvariantCulture, $"loss {result.Loss:G9}, gradient norm {result.GradientNorm:G9}, computed by {result.Provider}"))));
        return command;
    }

    private static void Print(ModelDescription model)
    {
        Console.Out.WriteLine($"sha256 {model.Sha256}, opset {model.Opset}, {model.Outputs} classes");
        foreach (var input in model.Inputs)
            Console.Out.WriteLine($"input {input.Name}: {input.Type} [{string.Join(',', input.Shape)}]");
        var table = new Table().AddColumns("", "stage", "tensor", "operator", "shape", "values", "gradient");
        foreach (var stage in model.Stages)
            table.AddRow(
                stage.Proposed ? "*" : "", Markup.Escape(stage.Name), Markup.Escape(stage.Tensor), stage.OpType, Markup.Escape($"[{string.Join(',', stage.Shape)}]"),
                stage.Size.ToString("N0", CultureInfo.InvariantCulture), stage.Differentiable ? "yes" : Markup.Escape(stage.Reason ?? "no"));
        AnsiConsole.Write(table);
        Console.Out.WriteLine("* proposed for a study");
        if (model.Pipeline is { } inferred)
            Console.Out.WriteLine($"pictures: {string.Join(' ', inferred.Reasons)}");
        if (model.Sound is { } sound)
            Console.Out.WriteLine($"sounds: {string.Join(' ', sound.Reasons)}");
    }
}
