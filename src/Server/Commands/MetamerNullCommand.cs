using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>metamer null</c>.</summary>
internal static class MetamerNullCommand
{
    private static readonly string[] PictureEndings = [".png", ".jpg", ".jpeg", ".webp", ".gif", ".bmp"];
    private static readonly string[] SoundEndings = [".wav", ".flac", ".ogg", ".opus", ".mp3", ".m4a"];

    public static Command Create()
    {
        var (model, pipeline, stages) = (MetamerCommands.Model(), MetamerCommands.Pipeline(), MetamerCommands.Stages());
        var pool = new Option<string>("--pool") { Description = "Folder of natural pictures or sounds, subfolders included, to draw pairs from.", Required = true };
        var pairs = new Option<int>("--pairs") { Description = "Number of pairs, for example 1000000; no pair is used twice.", Required = true };
        var augmentation = new Option<string?>("--augmentation")
        {
            Description = "random-resized-crop (pictures) or random-shift (sounds), without it the one that fits: as many random views as the pairs need; none: each file once, so that n of them have n(n-1)/2 pairs at most.",
        };
        augmentation.AcceptOnlyFromAmong("random-resized-crop", "random-shift", "none");
        var seed = new Option<int>("--seed") { Description = "Seed of the views and of what is drawn." };
        var output = new Option<string>("--out") { Description = "The JSON file to write, for metamer synthesize --null. Stages that it holds already, measured in the same way, are kept.", Required = true };
        var json = SynthesisCommand.Json();
        var command = new Command("null", "Measure how alike the activations of two different pictures or sounds are by chance.") { model, stages, pool, pipeline, pairs, augmentation, seed, output, json };
        command.Validators.Add(result =>
        {
            if (result.GetValue(pairs) < 1)
                result.AddError("--pairs must be at least 1.");
        });
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, console) =>
            {
                var file = Path.GetFullPath(parsed.GetRequiredValue(model));
                var how = await MetamerSynthesizeCommand.PipelineOfAsync(host, file, parsed.GetValue(pipeline), cancel);
                var request = new MeasureNull(
                    file, how, parsed.GetRequiredValue(stages), FilesOf(parsed.GetRequiredValue(pool), how is SoundPipeline ? SoundEndings : PictureEndings), parsed.GetRequiredValue(pairs), parsed.GetValue(seed),
                    Path.GetFullPath(parsed.GetRequiredValue(output)), parsed.GetValue(augmentation));
                return await SynthesisProgressDisplay.CallAsync<NullSummary>(console, host, request, "null distribution", cancel);
            },
            Print));
        return command;
    }

    private static string[] FilesOf(string folder, string[] endings)
    {
        if (!Directory.Exists(folder))
            throw new SynthesisException($"There is no folder {folder}.");
        return [.. Directory.GetFiles(Path.GetFullPath(folder), "*", SearchOption.AllDirectories)
            .Where(f => endings.Contains(Path.GetExtension(f).ToLowerInvariant())).Order(StringComparer.Ordinal)];
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
