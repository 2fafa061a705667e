using System.CommandLine;
using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;
using Spectre.Console;

namespace PerceptionStudy.Server.Commands;

/// <summary><c>sound prepare</c>.</summary>
internal static class SoundCommands
{
    private sealed record Answer(Prepared[] Sounds);

    private sealed record Prepared(string Input, string Output, PreparedSound Sound);

    public static Command Create()
    {
        var command = new Command("sound", "Bring recordings into the form of stimuli.");
        command.Subcommands.Add(Prepare());
        return command;
    }

    private static Command Prepare()
    {
        var files = new Argument<string[]>("FILE") { Description = "Recordings: WAV, and what ffmpeg reads where it is installed.", Arity = ArgumentArity.OneOrMore };
        var output = new Option<string>("--out") { Description = "Folder for one 16-bit WAV for each recording.", Required = true };
        var rate = new Option<int>("--rate") { Description = "Sampling rate in Hz.", DefaultValueFactory = _ => 20_000 };
        var seconds = new Option<double?>("--seconds") { Description = "Length: the middle of longer recordings, silence around shorter ones; without it each keeps its own." };
        var rms = new Option<double>("--rms") { Description = "Level over the whole length, where full scale is 1.", DefaultValueFactory = _ => 0.1 };
        var thumbnails = new Option<bool>("--thumbnails") { Description = "Draw waveform and spectrogram as PNG beside each." };
        var json = SynthesisCommand.Json();
        var command = new Command("prepare", "Decode, resample, cut, fade and level recordings, so that they are one set of stimuli.") { files, output, rate, seconds, rms, thumbnails, json };
        SynthesisCommand.Demand(seconds, s => s is > 0 and <= 600, "must be above 0 and at most 600");
        command.Validators.Add(result =>
        {
            if ((result.GetValue(files) ?? []).GroupBy(f => Path.GetFileNameWithoutExtension(f)).FirstOrDefault(same => same.Count() > 1) is { } twice)
                result.AddError($"Two of the sounds would be called {twice.Key}.wav; give the recordings different file names.");
        });
        command.SetAction((parsed, cancel) => SynthesisCommand.RunAsync(
            parsed.GetValue(json),
            async (host, _) =>
            {
                var prepared = new List<Prepared>();
                foreach (var file in parsed.GetRequiredValue(files))
                {
                    var target = Path.Combine(Path.GetFullPath(parsed.GetRequiredValue(output)), Path.GetFileNameWithoutExtension(file));
                    if (Path.GetFullPath(file) == target + ".wav")
                        throw new SynthesisException($"{file} would be overwritten; give another folder by --out.");
                    var request = new PrepareSound(
                        Path.GetFullPath(file), target + ".wav", parsed.GetValue(rate), parsed.GetValue(seconds) is { } length ? (int)Math.Round(length * parsed.GetValue(rate)) : null, parsed.GetValue(rms),
                        parsed.GetValue(thumbnails) ? target + "-waveform.png" : null, parsed.GetValue(thumbnails) ? target + "-spectrogram.png" : null);
                    prepared.Add(new(file, request.Output, await host.CallAsync<PreparedSound>(request, cancel: cancel)));
                }
                return new Answer([.. prepared]);
            },
            answer => Print(answer.Sounds)));
        return command;
    }

    private static void Print(Prepared[] sounds)
    {
        var table = new Table().AddColumns("recording", "s", "Hz", "RMS", "peak", "LUFS", "");
        foreach (var (input, _, sound) in sounds)
            table.AddRow(
                Markup.Escape(Path.GetFileName(input)), Number((double)sound.Samples / sound.RateHz, "0.000"), Number(sound.RateHz, "0"), Number(sound.Rms, "0.000"), Number(sound.Peak, "0.000"),
                sound.LoudnessLufs is { } lufs ? Number(lufs, "0.0") : "–",
                Markup.Escape(sound.Note ?? ""));
        AnsiConsole.Write(table);
    }

    private static string Number(double value, string format) => value.ToString(format, CultureInfo.InvariantCulture);
}
