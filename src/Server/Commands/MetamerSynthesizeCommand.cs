using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>metamer synthesize</c>.</summary>
internal static class MetamerSynthesizeCommand
{
    private sealed record Answer(MetamerResult[] Metamers);

    public static Command Create()
    {
        var (model, pipeline, stages) = (MetamerCommands.Model(), MetamerCommands.Pipeline(), MetamerCommands.Stages());
        var inputs = new Option<string[]>("--input") { Description = "Natural pictures or sounds.", Required = true, AllowMultipleArgumentsPerToken = true };
        var output = new Option<string>("--out") { Description = "Folder for one PNG (of a sound one WAV) and one manifest per input, stage and loss level.", Required = true };
        var preset = new Option<string>("--preset") { Description = "feather2023 (as published) or fast.", DefaultValueFactory = _ => "feather2023" };
        preset.AcceptOnlyFromAmong("feather2023", "fast");
        var steps = new Option<int?>("--steps") { Description = "Most gradient evaluations; without it the preset's own number (feather2023 24,000, fast 2,400)." };
        var seed = new Option<int>("--seed") { Description = "Seed of the initial noise." };
        var levels = new Option<double[]>("--loss-level") { Description = "Fractions of the loss at the start, such as 0.5 0.25, each of which is cut off there and kept as a file of its own; without it, syntheses are driven to their end.", AllowMultipleArgumentsPerToken = true };
        var chance = new Option<string?>("--null") { Description = "File made by 'metamer null', against which the match is tested." };
        var resume = new Option<bool>("--resume") { Description = "Go on where an interrupted run stopped, and keep what is finished." };
        var identity = MetamerCommands.IdentityRelu();
        var timeLimit = new Option<double?>("--time-limit") { Description = "Seconds after which a synthesis ends with what it has reached; bytes then depend on the machine's speed." };
        var together = new Option<int?>("--together") { Description = "Pictures or sounds that are made together, 1 without it: on a GPU in the same steps, on a CPU each on a thread of its own." };
        var (provider, json) = (SynthesisCommand.Provider(), SynthesisCommand.Json());
        var command = new Command("synthesize", "Make metamers: pictures or sounds that a model cannot tell from natural ones at a stage.")
            { model, inputs, stages, output, pipeline, preset, steps, levels, seed, provider, identity, timeLimit, together, chance, resume, json };
        command.Validators.Add(result =>
        {
            var names = (result.GetValue(inputs) ?? []).SelectMany(input => (result.GetValue(stages) ?? []).SelectMany(stage => LevelsOf(result.GetValue(levels)).Select(level => OutputName(input, stage, level: level))));
            if (names.GroupBy(name => name).FirstOrDefault(same => same.Count() > 1) is { } twice)
                result.AddError($"Two of the metamers would be called {twice.Key}; give the inputs different file names, and each stage and loss level once.");
            if (result.GetValue(steps) is < 1)
                result.AddError("--steps must be at least 1.");
            if ((result.GetValue(levels) ?? []).Any(level => level is not (> 0 and < 1)))
                result.AddError("--loss-level must be above 0 and below 1.");
            if (result.GetValue(timeLimit) is <= 0)
                result.AddError("--time-limit must be more than 0 seconds.");
            if (result.GetValue(together) is < 1)
                result.AddError("--together must be at least 1.");
        });
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, console) =>
            {
                var file = Path.GetFullPath(parsed.GetRequiredValue(model));
                var how = await PipelineOfAsync(host, file, parsed.GetValue(pipeline), cancel);
                var choice = await SynthesisCommand.ChooseProviderAsync(host, parsed.GetRequiredValue(provider), cancel);
                var requests = parsed.GetRequiredValue(inputs).SelectMany(input => parsed.GetRequiredValue(stages).SelectMany(stage => LevelsOf(parsed.GetValue(levels)).Select(level =>
                {
                    var target = Path.Combine(Path.GetFullPath(parsed.GetRequiredValue(output)), OutputName(input, stage, how is SoundPipeline ? ".wav" : ".png", level));
                    return new SynthesizeMetamer(
                        file, how, Path.GetFullPath(input), stage, target, parsed.GetRequiredValue(preset), parsed.GetValue(steps), parsed.GetValue(seed),
                        parsed.GetValue(chance) is { } known ? Path.GetFullPath(known) : null, target + ".checkpoint", null, choice, parsed.GetValue(identity) == "on", parsed.GetValue(timeLimit),
                        Afresh: !parsed.GetValue(resume), LossLevel: level);
                }))).ToArray();
                Directory.CreateDirectory(Path.GetFullPath(parsed.GetRequiredValue(output)));
                return new Answer(await AllAsync(host, requests, parsed.GetValue(together) ?? 1, console, cancel));
            },
            answer => Print(answer.Metamers)));
        return command;
    }

    /// <summary>The pipeline of the file; without one, what the model's own file tells.</summary>
    internal static async Task<StimulusPipeline> PipelineOfAsync(SynthesisHostProcess host, string model, string? file, CancellationToken cancel)
    {
        if (file is not null)
            return StimulusPipelineFile.Read(file);
        var described = await host.CallAsync<ModelDescription>(new InspectModel(model), cancel: cancel);
        return (StimulusPipeline?)described.Sound?.Pipeline ?? described.Pipeline?.Pipeline
            ?? throw new SynthesisException("The model's input is neither a picture of four dimensions with 1 or 3 channels nor a waveform; say by --pipeline how a picture or sound becomes its input.");
    }

    /// <summary>The same where only pictures can be worked on.</summary>
    internal static async Task<PicturePipeline> PicturePipelineOfAsync(SynthesisHostProcess host, string model, string? file, CancellationToken cancel) =>
        await PipelineOfAsync(host, model, file, cancel) as PicturePipeline ?? throw new SynthesisException("The model takes sounds; this command works on pictures only.");

    internal static string OutputName(string input, string stage, string ending = ".png", double? level = null) => string.Create(CultureInfo.InvariantCulture,
        $"{Path.GetFileNameWithoutExtension(input)}-{string.Concat(stage.Select(c => char.IsAsciiLetterOrDigit(c) || c is '_' or '.' ? c : '-'))}{(level is null ? "" : "-loss")}{level}{ending}");

    /// <summary>The levels asked for; without any, once to the end.</summary>
    private static double?[] LevelsOf(double[]? levels) => levels is { Length: > 0 } ? [.. levels.Select(level => (double?)level)] : [null];

    private static Task<MetamerResult[]> AllAsync(SynthesisHostProcess host, SynthesizeMetamer[] requests, int together, IAnsiConsole console, CancellationToken cancel) =>
        SynthesisProgressDisplay.RunAsync(console, async show =>
        {
            var results = new Dictionary<string, MetamerResult>();
            foreach (var group in requests.GroupBy(r => r.Stage).SelectMany(stage => stage.Chunk(together)))
            {
                var progress = new SynthesisProgressDisplay.AtOnce(p => show($"{Path.GetFileNameWithoutExtension(group[p.Metamer].Natural)} {group[p.Metamer].Stage}", p));
                foreach (var result in (await host.CallAsync<MetamerResults>(new SynthesizeMetamers(group), progress, cancel)).Metamers)
                    results[result.Output] = result;
            }
            return (MetamerResult[])[.. requests.Select(r => results[r.Output])];
        });

    private static void Print(MetamerResult[] metamers)
    {
        var table = new Table().AddColumns("natural", "stage", "loss", "saved", "rho", "r", "dB", "model sees", "s", "accepted");
        foreach (var m in metamers)
            table.AddRow(
                Markup.Escape(Path.GetFileName(m.Input)), Markup.Escape(m.Stage), Number(m.Loss, "G4"), Number(m.LossOfSavedFile, "G4"), Number(m.Spearman, "0.000"), Number(m.Pearson, "0.000"),
                Number(m.SnrDb, "0.0"), Markup.Escape(m.MetamerClass), Number(m.Seconds, "0.0"), m.Accepted ? "yes" : Markup.Escape(string.Join(' ', m.Reasons)));
        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
