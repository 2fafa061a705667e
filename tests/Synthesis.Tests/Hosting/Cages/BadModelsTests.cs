using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Hosting.Cages;
using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Hosting.Cages;

/// <summary>Model files that mean harm: each costs its own request, is told in a sentence, and the next request is answered.</summary>
public sealed class BadModelsTests : IAsyncDisposable
{
    private readonly TestFolder folder = new();
    private readonly SynthesisHostProcess host;

    public BadModelsTests() => host = new(new()
    {
        MemoryLimitBytes = 600L << 20, Cage = new() { Readable = [Directory.CreateDirectory(folder["given"]).FullName], Writable = [folder["out"]], Graphics = false },
    });

    public async ValueTask DisposeAsync()
    {
        await host.DisposeAsync();
        folder.Dispose();
    }

    [Fact]
    public async Task A_small_file_that_asks_for_40_GB_at_once()
    {
        var bomb = new TestModel().Input("x", [1, 4]).Constant("shape", [2], 100_000L, 100_000L)
            .Node("ConstantOfShape", "large", ["shape"]).Node("ReduceMax", "most", ["large"], ("keepdims", 0L)).Node("Mul", "y", ["x", "most"]).Output("y");
        // The system refuses it before the parent sees it.
        Assert.Equal(TooMuchAtOnce, await RefusedAsync(bomb));
        await NextIsAnsweredAsync();
    }

    [Fact]
    public async Task A_small_file_that_grows_by_and_by()
    {
        var bomb = new TestModel().Input("x", [1, 4]).Constant("shape", [2], 5_000L, 5_000L);
        for (var n = 0; n < 40; n++)
            bomb.Node("ConstantOfShape", $"large{n}", ["shape"]).Node("ReduceMax", $"most{n}", [$"large{n}"], ("keepdims", 0L)).Node("Add", $"y{n}", [n == 0 ? "x" : $"y{n - 1}", $"most{n}"]);
        // Whoever sees it first: the parent, which looks now and then, or the system.
        Assert.Contains(await RefusedAsync(bomb.Output("y39")), (string[])[TooMuch, TooMuchAtOnce]);
        await NextIsAnsweredAsync();
    }

    [Fact]
    public async Task An_operator_of_somebody_s_own_library()
    {
        var model = new TestModel().Input("x", [1, 4]).Node("Run", "y", ["x"]).Output("y");
        model.Proto.Graph.Node[0].Domain = "com.example.evil";
        model.Proto.OpsetImport.Add(new OperatorSetIdProto { Domain = "com.example.evil", Version = 1 });
        Assert.Contains("com.example.evil:Run", await RefusedAsync(model), StringComparison.Ordinal);
        await NextIsAnsweredAsync();
    }

    [Fact]
    public async Task Weights_that_are_a_link_out_of_the_folder()
    {
        Assert.SkipWhen(Cage.Closest < CageKind.Files, Cage.Words(Cage.Closest));
        File.WriteAllBytes(folder["secret.bin"], new byte[16]);
        File.CreateSymbolicLink(Path.Combine(folder["given"], "w.bin"), folder["secret.bin"]);
        var weight = new TensorProto { Name = "w", DataType = (int)TensorProto.Types.DataType.Float, DataLocation = TensorProto.Types.DataLocation.External };
        weight.Dims.Add(4);
        weight.ExternalData.Add(new StringStringEntryProto { Key = "location", Value = "w.bin" });
        var model = new TestModel().Input("x", [1, 4]).Node("Mul", "y", ["x", "w"]).Output("y");
        model.Proto.Graph.Initializer.Add(weight);
        Assert.Equal("The weights of w are kept in w.bin, which is missing; export the model into one file.", await RefusedAsync(model));
    }

    private const string TooMuchAtOnce = "The model needs more memory for one run than it may have here; take a smaller network, or raise the limit (setting Worker:MemoryMegabytes).";

    private const string TooMuch =
        "The request needed more memory than the synthesis host may use (600 MB) and was stopped; take an earlier stage or a smaller network, or raise the limit (setting Worker:MemoryMegabytes).";

    private async Task<string> RefusedAsync(TestModel model)
    {
        var path = Path.Combine(folder["given"], "bad.onnx");
        File.WriteAllBytes(path, model.Proto.ToByteArray());
        return (await Assert.ThrowsAsync<SynthesisException>(() => host.CallAsync<ModelDescription>(new InspectModel(path)))).Message;
    }

    private async Task NextIsAnsweredAsync()
    {
        var path = Path.Combine(folder["given"], "good.onnx");
        File.WriteAllBytes(path, new TestModel().Input("x", [1, 4]).Node("Relu", "y", ["x"]).Output("y").Proto.ToByteArray());
        Assert.Equal("y", (await host.CallAsync<ModelDescription>(new InspectModel(path))).Stages.Single().Tensor);
    }
}
