using System.Diagnostics;
using System.Text.Json;
using PerceptionStudy.Server.Commands;
using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Tests;

namespace PerceptionStudy.Server.Tests.Commands;

/// <summary>The commands of the synthesis engine as a person or a script starts them: what they print where, and how they end.</summary>
public sealed class EngineCommandsTests : IDisposable
{
    private static readonly string Demo = Path.Combine(Repository.Root, "demo");
    private static readonly string[] Robust = ["--model", Path.Combine(Demo, "models", "robust.onnx"), "--pipeline", Path.Combine(Demo, "models", "pipeline.json")];
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public async Task Inspect_prints_the_document_of_its_contract()
    {
        var run = await RunAsync("model", "inspect", Robust[1], "--json");
        using var document = JsonDocument.Parse(run.Output);
        var root = document.RootElement;
        Assert.Equal(64, root.GetProperty("sha256").GetString()!.Length);
        Assert.Equal("float32", root.GetProperty("inputs")[0].GetProperty("type").GetString());
        string[] fields = ["name", "tensor", "opType", "shape", "size", "differentiable", "reason", "proposed"];
        Assert.All(root.GetProperty("stages").EnumerateArray(), stage => Assert.All(fields, field => Assert.True(stage.TryGetProperty(field, out _))));
        Assert.Equal((0, ""), (run.Code, run.Errors));
    }

    [Fact]
    public async Task A_table_that_goes_to_a_file_is_not_broken_to_a_screen_s_width()
    {
        var run = await RunAsync("model", "inspect", Path.Combine(Repository.Root, "tests", "Synthesis.Tests", "Architectures", "References", "vit.onnx"));
        Assert.Contains("patch_embed/proj/Reshape", run.Output, StringComparison.Ordinal);
        Assert.Equal(0, run.Code);
    }

    [Fact]
    public async Task Gradient_writes_what_it_says()
    {
        long[] shape = [1, 3, 96, 96];
        NpyFile.Write(folder["a.npy"], shape, Values(1));
        NpyFile.Write(folder["x.npy"], shape, Values(2));
        var run = await RunAsync("model", "gradient", Robust[1], "--stage", "relu3", "--natural", folder["a.npy"], "--at", folder["x.npy"], "--out", folder["g.npy"], "--json");
        Assert.Equal((0, ""), (run.Code, run.Errors));
        using var document = JsonDocument.Parse(run.Output);
        Assert.Equal("cpu", document.RootElement.GetProperty("provider").GetString());
        Assert.True(document.RootElement.GetProperty("loss").GetDouble() > 0);
        var norm = Math.Sqrt(NpyFile.Read(folder["g.npy"]).Values.Sum(v => (double)v * v));
        Assert.Equal(norm, document.RootElement.GetProperty("gradientNorm").GetDouble(), 1e-6 * norm);

        static float[] Values(int seed) => [.. Enumerable.Range(0, 3 * 96 * 96).Select(i => (float)(0.5 + 0.5 * Math.Sin(seed * i)))];
    }

    [Fact]
    public async Task Other_requests_print_one_document_and_tell_where_they_stand_elsewhere()
    {
        var picture = Path.Combine(Demo, "pictures", "cat", "cat-1.png");
        var chance = await RunAsync(["metamer", "null", .. Robust, "--stage", "relu2", "--pool", Path.GetDirectoryName(picture)!, "--pairs", "20", "--out", folder["null.json"], "--json"]);
        Assert.Equal(20, Document(chance).GetProperty("stages")[0].GetProperty("pairs").GetInt32());
        Assert.Matches("null distribution: step [0-9]+ of at most [0-9]+\n", chance.Errors);

        var both = Robust.Select(r => r.StartsWith("--", StringComparison.Ordinal) ? r + "-a" : r).Concat(Robust.Select(r => r.StartsWith("--", StringComparison.Ordinal) ? r + "-b" : r));
        var pair = await RunAsync(["controversial", "synthesize", .. both, "--category-a", "cat", "--category-b", "dog", "--out", folder["c.png"], "--steps", "2", "--json"]);
        Assert.Equal(2, Document(pair).GetProperty("steps").GetInt32());

        var extremes = await RunAsync(["eigendistortion", "compute", .. Robust, "--input", picture, "--stage", "relu1", "--out", folder["e"], "--iterations", "2", "--json"]);
        Assert.Equal("relu1", Document(extremes).GetProperty("eigendistortions")[0].GetProperty("stage").GetString());

        static JsonElement Document((int Code, string Output, string Errors) run)
        {
            Assert.Equal(0, run.Code);
            using var document = JsonDocument.Parse(run.Output);
            return document.RootElement.Clone();
        }
    }

    [Theory]
    [InlineData("model", "inspect", "no-such.onnx")]
    [InlineData("eigendistortion", "compute", "--model", "ROBUST", "--input", "no-such.png", "--stage", "relu1", "--out", "e")]
    [InlineData("metamer", "null", "--model", "ROBUST", "--stage", "relu99", "--pool", "PICTURES", "--pairs", "2", "--out", "n.json")]
    public async Task What_cannot_be_done_is_one_sentence_and_leaves_nothing(params string[] arguments)
    {
        var run = await RunAsync([.. arguments.Select(a => a switch { "ROBUST" => Robust[1], "PICTURES" => Path.Combine(Demo, "pictures", "cat"), _ => a })]);
        Assert.Equal((1, ""), (run.Code, run.Output));
        Assert.Single(run.Errors.Split('\n', StringSplitOptions.RemoveEmptyEntries));
        Assert.Empty(Directory.GetFileSystemEntries(folder.Path));
    }

    [Theory]
    [InlineData("model", "inspect")]
    [InlineData("model", "inspect", "m.onnx", "--no-such-option")]
    [InlineData("model", "gradient", "m.onnx", "--stage", "s", "--natural", "a", "--at", "x", "--out", "g", "--provider", "tpu")]
    [InlineData("metamer", "null", "--model", "m.onnx", "--stage", "s", "--pool", "p", "--pairs", "0", "--out", "n")]
    [InlineData("controversial", "synthesize", "--model-a", "m", "--model-b", "m", "--category-a", "c", "--category-b", "d", "--out", "c.png", "--steps", "0")]
    [InlineData("eigendistortion", "compute", "--model", "m", "--input", "i.png", "--stage", "s", "--out", "e", "--rms", "-1")]
    public async Task Wrong_use_ends_with_2_and_prints_no_document(params string[] arguments)
    {
        var run = await RunAsync([.. arguments, "--json"]);
        Assert.Equal((2, ""), (run.Code, run.Output));
        Assert.NotEmpty(run.Errors);
    }

    // The program itself, in the test's folder.
    private async Task<(int Code, string Output, string Errors)> RunAsync(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(RootCommands).Assembly.Location, .. arguments]) { RedirectStandardOutput = true, RedirectStandardError = true, WorkingDirectory = folder.Path };
        using var process = Process.Start(start)!;
        var (output, errors) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, await errors);
    }
}
