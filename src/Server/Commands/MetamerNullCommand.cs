using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>metamer null</c>.</summary>
internal static class MetamerNullCommand
{
    private static readonly string[] PictureEndings = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];

    public static Command Create()
    {
        var (model, pipeline, stages) = (MetamerCommands.Model(), MetamerCommands.Pipeline(), MetamerCommands.Stages());
        var pool = new Option<string>("--pool") { Description = "Folder of natural pictures to draw pairs from.", Required = true };
        var pairs = new Option<int>("--pairs") { Description = "Number of pairs; no pair is used twice, so it is at most n(n-1)/2.", Required = true };
        var seed = new Option<int>("--seed") { Description = "Seed of the draw." };
        var output = new Option<string>("--out") { Description = "The JSON file to write, for metamer synthesize --null.", Required = true };
        var json = SynthesisCommand.Json();
        var command = new Command("null", "Measure how alike the activations of two different pictures are by chance.") { model, stages, pool, pipeline, pairs, seed, output, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(pairs) < 1)
                result.AddError("--pairs must be at least 1.");
        });
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, _) =>
            {
                var file = Path.GetFullPath(parsed.GetRequiredValue(model));
                var how = await MetamerSynthesizeCommand.PipelineOfAsync(host, file, parsed.GetValue(pipeline), cancel);
                var request = new MeasureNull(
                    file, how, parsed.GetRequiredValue(stages), PicturesOf(parsed.GetRequiredValue(pool)), parsed.GetRequiredValue(pairs), parsed.GetValue(seed), Path.GetFullPath(parsed.GetRequiredValue(output)));
                return await host.CallAsync<NullSummary>(request, cancel: cancel);
            },
            Print));
        return command;
    }

    private static string[] PicturesOf(string folder)
    {
        if (!Directory.Exists(folder))
            throw new SynthesisException($"There is no folder {folder}.");
        return [.. Directory.GetFiles(Path.GetFullPath(folder)).Where(f => PictureEndings.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal)];
    }

    private static void Print(NullSummary answer)
    {
        var table = new Table().AddColumns("stage", "pairs", "max rho", "max r", "max dB (paper)", "s");
        foreach (var s in answer.Stages)
            table.AddRow(Markup.Escape(s.Stage), Number(s.Pairs, "N0"), Number(s.Max.Spearman, "0.0000"), Number(s.Max.Pearson, "0.0000"), Number(s.Max.PaperSnrDb, "0.000"), Number(s.Seconds, "0.0"));
        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
