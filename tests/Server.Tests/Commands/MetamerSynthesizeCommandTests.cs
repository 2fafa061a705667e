using System.Diagnostics;
using System.Text.Json;
using System.Text.RegularExpressions;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>The program as a researcher calls it: what <c>metamer synthesize</c> prints, writes and leaves behind.</summary>
public sealed partial class MetamerSynthesizeCommandTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task A_metamer_for_each_input_and_stage_one_document_and_plain_lines_of_progress()
    {
        var (code, output, error) = await RunAsync("--input", Natural("a", 60), Natural("b", 180), "--stage", "relu2", "logits", "--preset", "fast", "--steps", "30", "--seed", "3", "--json");
        Assert.True(code == 0, error);
        using var document = JsonDocument.Parse(output);
        var metamers = document.RootElement.GetProperty("metamers").EnumerateArray().ToArray();
        Assert.Equal(["a relu2", "a logits", "b relu2", "b logits"], metamers.Select(m => $"{Path.GetFileNameWithoutExtension(Text(m, "input"))} {Text(m, "stage")}"));
        foreach (var metamer in metamers)
        {
            foreach (var number in (string[])["gradientEvaluations", "loss", "lossOfSavedFile", "spearman", "pearson", "snrDb", "paperSnrDb", "seconds"])
                Assert.Equal(JsonValueKind.Number, metamer.GetProperty(number).ValueKind);
            Assert.InRange(metamer.GetProperty("gradientEvaluations").GetInt32(), 1, 30);
            Assert.NotEmpty(Text(metamer, "naturalClass") + Text(metamer, "metamerClass"));
            // Without a null distribution there is nothing to be better than.
            Assert.False(metamer.GetProperty("accepted").GetBoolean());
            Assert.NotEqual(0, metamer.GetProperty("reasons").GetArrayLength());
            Assert.Equal(16, PictureFile.Read(Text(metamer, "output")).Width);
        }
        Assert.All(error.Trim().Split('\n'), line => Assert.Matches(Progress(), line));
        Assert.Equal(4, error.Trim().Split('\n').Count(line => line.Contains("ended: ", StringComparison.Ordinal)));
        Assert.Equal(
            (string[])["a-logits.json", "a-logits.png", "a-relu2.json", "a-relu2.png", "b-logits.json", "b-logits.png", "b-relu2.json", "b-relu2.png"],
            Directory.GetFiles(folder["out"]).Select(Path.GetFileName).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Resuming_keeps_what_is_finished_and_another_run_makes_the_same_bytes()
    {
        string[] line = ["--input", Natural("a", 60), "--stage", "relu2", "--preset", "fast", "--steps", "20"];
        Assert.Equal(0, (await RunAsync(line)).Code);
        var made = File.ReadAllBytes(folder["out/a-relu2.png"]);
        var (code, output, error) = await RunAsync([.. line, "--resume"]);
        Assert.Equal((0, ""), (code, error));
        Assert.Contains("a.png", output, StringComparison.Ordinal);
        Assert.Equal(0, (await RunAsync(line)).Code);
        Assert.Equal(made, File.ReadAllBytes(folder["out/a-relu2.png"]));
    }

    [Fact]
    public async Task A_stage_that_no_model_has_costs_nothing_that_was_made()
    {
        Assert.Equal(0, (await RunAsync("--input", Natural("a", 60), "--stage", "relu2", "--preset", "fast", "--steps", "3")).Code);
        var manifest = folder["out/a-relu2.json"];
        var (code, _, error) = await RunAsync("--input", folder["a.png"], "--stage", "relu-2");
        Assert.Equal(1, code);
        Assert.Contains("relu-2", error, StringComparison.Ordinal);
        Assert.True(File.Exists(manifest));
        File.WriteAllText(folder["a.png"], "%PDF-1.7");
        Assert.Equal(1, (await RunAsync("--input", folder["a.png"], "--stage", "relu2")).Code);
        Assert.True(File.Exists(manifest));
    }

    [Fact]
    public async Task A_picture_that_is_none_fails_with_one_sentence_and_leaves_nothing()
    {
        await File.WriteAllTextAsync(folder["a.png"], "%PDF-1.7");
        var (code, output, error) = await RunAsync("--input", folder["a.png"], "--stage", "relu2", "--json");
        Assert.Equal((1, ""), (code, output));
        Assert.Contains("a.png", Assert.Single(error.Trim().Split('\n')), StringComparison.Ordinal);
        Assert.Empty(Directory.GetFiles(folder["out"]));
    }

    [Fact]
    public async Task Wrong_use_is_told_apart_from_failure()
    {
        var (code, _, error) = await RunAsync("--input", Natural("a", 60), "--stage", "relu2", "--steps", "0");
        Assert.Equal(2, code);
        Assert.Contains("--steps must be at least 1.", error, StringComparison.Ordinal);
    }

    [GeneratedRegex(@"^[ab] (relu2|logits): step \d+ of at most 30, loss \S+, gradient norm \S+?(; ended: (steps|plateau|converged))?\r?$")]
    private static partial Regex Progress();

    private static string Text(JsonElement metamer, string name) => metamer.GetProperty(name).GetString()!;

    private string Natural(string name, byte grey)
    {
        // A grey picture with a bright and a dark half.
        PictureFile.WritePng(new(16, 16, [.. Enumerable.Range(0, 768).Select(i => (byte)(i % 48 < 24 ? grey : grey / 2))]), folder[name + ".png"]);
        return folder[name + ".png"];
    }

    private async Task<(int Code, string Output, string Error)> RunAsync(params string[] line)
    {
        var start = new ProcessStartInfo("dotnet") { RedirectStandardOutput = true, RedirectStandardError = true };
        string[] arguments = [
            Path.Combine(AppContext.BaseDirectory, "PerceptionStudy.Server.dll"), "metamer", "synthesize",
            "--model", TestNets.Convolutional(folder), "--out", folder["out"], .. line];
        foreach (var argument in arguments)
            start.ArgumentList.Add(argument);
        using var process = Process.Start(start)!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await error);
    }
}
