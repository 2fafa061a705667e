using System.CommandLine;
using System.Text.Json;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary>What the commands that use a synthesis host have in common: one JSON document or one readable answer, and exit codes.</summary>
internal static class SynthesisCommand
{
    // A table that goes to a file or another program is as wide as its longest row.
    private const int WidthOfFiles = 10_000;

    /// <summary>The option <c>--json</c>.</summary>
    public static Option<bool> Json() => new("--json") { Description = "Print exactly one JSON document on standard output, everything else on standard error." };

    /// <summary>The option <c>--provider</c>.</summary>
    public static Option<string> Provider()
    {
        var option = new Option<string>("--provider")
        {
            Description = "ONNX Runtime's execution provider: cpu, cuda, webgpu, or auto for the fastest that works. One that does not work gives way to the CPU.", DefaultValueFactory = _ => "cpu",
        };
        option.AcceptOnlyFromAmong([.. ExecutionProvider.Names]);
        return option;
    }

    /// <summary>What an option's value has to be, if one is given.</summary>
    public static void Demand<T>(Option<T> option, Func<T, bool> holds, string otherwise) => option.Validators.Add(result =>
    {
        if (!result.Implicit && result.GetValueOrDefault<T>() is { } value && !holds(value))
            result.AddError($"{option.Name} {otherwise}.");
    });

    /// <summary>The provider that works for a wish; says on standard error what was taken and why, where it is not just the wish.</summary>
    public static async Task<string> ChooseProviderAsync(SynthesisHostProcess host, string wish, CancellationToken cancel)
    {
        if (wish == "cpu")
            return wish;
        var choice = await host.CallAsync<ProviderChoice>(new ChooseProvider(wish), cancel: cancel);
        if (choice.Note is not null)
            Console.Error.WriteLine(choice.Note);
        return choice.Provider;
    }

    /// <summary>Starts a host, lets it work, prints the answer.</summary>
    /// <typeparam name="T">The answer's type; in JSON it is the document.</typeparam>
    /// <param name="json">Whether to print JSON.</param>
    /// <param name="ask">Asks the host; writes progress to the console given, which is standard error's.</param>
    /// <param name="print">Prints the answer for people.</param>
    /// <returns>Exit code: 0 done, 1 failed with one sentence on standard error, 130 interrupted.</returns>
    public static async Task<int> RunAsync<T>(bool json, Func<SynthesisHostProcess, IAnsiConsole, Task<T>> ask, Action<T> print)
    {
        if (Console.IsOutputRedirected)
            AnsiConsole.Profile.Width = WidthOfFiles;
        var errors = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        try
        {
            await using var host = new SynthesisHostProcess();
            var answer = await ask(host, errors);
            if (json)
                Console.Out.WriteLine(JsonSerializer.Serialize(answer, HostProtocol.Files));
            else
                print(answer);
            return 0;
        }
        catch (SynthesisException e)
        {
            Console.Error.WriteLine(e.Message);
            return 1;
        }
        catch (OperationCanceledException)
        {
            Console.Error.WriteLine("Interrupted.");
            return 130;
        }
    }
}
