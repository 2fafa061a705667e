using System.Diagnostics;
using System.Text.Json;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>A researcher's whole way with sounds on the command line: recordings, model, chance, metamers.</summary>
public sealed class SoundCommandsTests : IDisposable
{
    private const string Pipeline = """
        {"kind": "sound", "rateHz": 8000, "samples": 2000, "shape": [1, 21, 45], "categories": {"yes": [0], "no": [1], "maybe": [2, 3]},
         "cochleagram": {"filters": 8, "lowHz": 60, "highHz": 3500, "overcompleteness": 2, "lowPassSamples": 201}}
        """;

    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task From_recordings_to_metamers()
    {
        File.WriteAllText(folder["P.json"], Pipeline);
        var model = TestNets.Words(folder, (SoundPipeline)StimulusPipelineFile.Read(folder["P.json"]));
        string[] recordings = [.. Enumerable.Range(1, 4).Select(Recording)];
        var prepared = await RunAsync(["sound", "prepare", .. recordings, "--out", folder["words"], "--rate", "8000", "--seconds", "0.25", "--thumbnails", "--json"]);
        Assert.Equal(2000, prepared.GetProperty("sounds")[3].GetProperty("sound").GetProperty("samples").GetInt32());
        Assert.True(File.Exists(folder["words/word-2-waveform.png"]) && File.Exists(folder["words/word-2-spectrogram.png"]));

        string[] how = ["--model", model, "--pipeline", folder["P.json"], "--stage", "relu1"];
        var chance = await RunAsync(["metamer", "null", .. how, "--pool", folder["words"], "--pairs", "40", "--out", folder["null.json"], "--json"]);
        Assert.Equal(40, chance.GetProperty("stages")[0].GetProperty("pairs").GetInt32());

        var made = await RunAsync(["metamer", "synthesize", .. how, "--input", folder["words/word-1.wav"], "--null", folder["null.json"], "--out", folder["out"], "--preset", "fast", "--steps", "100", "--json"]);
        var metamer = made.GetProperty("metamers")[0];
        Assert.Equal(folder["out/word-1-relu1.wav"], metamer.GetProperty("output").GetString());
        Assert.InRange(metamer.GetProperty("lossOfSavedFile").GetDouble(), 0, 0.5);
        Assert.Equal(2000, SoundFile.Read(folder["out/word-1-relu1.wav"]).Samples.Length);
        Assert.Equal(["word-1-relu1.json", "word-1-relu1.wav"], Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Inspect_tells_what_a_model_wants_to_hear()
    {
        var described = await RunAsync("model", "inspect", TestNets.Words(folder, new SoundPipeline { RateHz = 8000, Samples = 2000 }), "--json");
        Assert.Equal(2000, described.GetProperty("sound").GetProperty("pipeline").GetProperty("samples").GetInt32());
        Assert.Equal(JsonValueKind.Null, described.GetProperty("pipeline").ValueKind);
    }

    [Fact]
    public async Task Generators_that_make_pictures_say_so_of_a_model_that_hears()
    {
        var model = TestNets.Words(folder, new SoundPipeline { RateHz = 8000, Samples = 2000 });
        foreach (string[] command in (string[][])
            [
                ["eigendistortion", "compute", "--model", model, "--input", Recording(1), "--stage", "relu1", "--out", folder["out"]],
                ["controversial", "synthesize", "--model-a", model, "--category-a", "yes", "--model-b", model, "--category-b", "no", "--out", folder["out.png"]],
            ])
        {
            var (code, output, errors) = await EndAsync(command);
            Assert.Equal((1, "", "The model takes sounds; this command works on pictures only."), (code, output, errors.Trim()));
        }
        Assert.False(Directory.Exists(folder["out"]) || File.Exists(folder["out.png"]));
    }

    private string Recording(int word)
    {
        float[] samples = [.. Enumerable.Range(0, 16_000).Select(i => (float)(0.3 * Math.Sin(0.02 * word * i) * Math.Sin(0.0003 * i * word) + 0.02 * Math.Sin(0.5 * i)))];
        WavFile.Write(new(44_100, samples), folder[$"word-{word}.wav"]);
        return folder[$"word-{word}.wav"];
    }

    private static async Task<JsonElement> RunAsync(params string[] arguments)
    {
        var (code, output, errors) = await EndAsync(arguments);
        Assert.True(code == 0, errors);
        using var document = JsonDocument.Parse(output);
        return document.RootElement.Clone();
    }

    private static async Task<(int Code, string Output, string Errors)> EndAsync(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RootCommands).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
