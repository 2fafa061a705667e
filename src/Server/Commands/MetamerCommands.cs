using System.CommandLine;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>metamer synthesize</c> and <c>metamer null</c>.</summary>
public static class MetamerCommands
{
    public static Command Create()
    {
        var command = new Command("metamer", "Make model metamers, and measure what a match by chance looks like.");
        command.Subcommands.Add(MetamerSynthesizeCommand.Create());
        command.Subcommands.Add(MetamerNullCommand.Create());
        return command;
    }

    internal static Option<string> Model() => new("--model") { Description = "The ONNX file.", Required = true };

    internal static Option<string> IdentityRelu()
    {
        var option = new Option<string>("--identity-relu") { Description = "Whether a ReLU that makes the stage passes its gradient on unmasked: on (as published) or off.", DefaultValueFactory = _ => "on" };
        option.AcceptOnlyFromAmong("on", "off");
        return option;
    }

    internal static Option<string?> Pipeline() => new("--pipeline") { Description = "P.json: how pictures or sounds become input and outputs become categories. Without it: what the model's file tells (see: model inspect)." };

    internal static Option<string[]> Stages() => new("--stage") { Description = "Names or tensors of stages (see: model inspect).", Required = true, AllowMultipleArgumentsPerToken = true };
}
