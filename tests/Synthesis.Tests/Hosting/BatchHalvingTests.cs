using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Tests.Hosting;

/// <summary>ONNX Runtime itself runs out of memory here: it is asked for more than any machine has.</summary>
public sealed class BatchHalvingTests
{
    [Theory]
    [InlineData(7, 3, "1 2 3|4 5|6 7")]
    [InlineData(8, 8, "1 2 3 4 5 6 7 8")]
    [InlineData(5, 1, "1|2|3|4|5")]
    [InlineData(0, 1, "")]
    public void What_the_memory_does_not_hold_is_done_by_halves(int count, int most, string done)
    {
        var runs = new List<string>();
        var released = 0;
        BatchHalving.Run([.. Enumerable.Range(1, count)], part =>
        {
            Allocate(part.Length <= most ? 1 : 1L << 48);
            runs.Add(string.Join(' ', part));
        }, () => released++, "One is too much.");
        Assert.Equal(done, string.Join('|', runs));
        Assert.Equal(Math.Max(0, runs.Count - 1), released);
    }

    [Fact]
    public void One_that_is_too_much_is_said() =>
        Assert.Equal("One is too much.", Assert.Throws<SynthesisException>(() => BatchHalving.Run([1, 2], _ => Allocate(1L << 48), () => { }, "One is too much.")).Message);

    [Fact]
    public void Another_failure_is_no_reason_for_halves() =>
        Assert.Throws<OnnxRuntimeException>(() => BatchHalving.Run([1, 2], _ => throw Assert.Throws<OnnxRuntimeException>(() => new InferenceSession([1, 2, 3])), () => { }, ""));

    private static void Allocate(long values)
    {
        var builder = new GraphBuilder();
        builder.Output(builder.Emit("Expand", [builder.Input("x", [1]), builder.Integers("shape", [values])], [values]), "y");
        using var session = new InferenceSession(builder.ToModel().ToByteArray());
        using var x = OrtValue.CreateTensorValueFromMemory(new float[1], [1]);
        using var run = new RunOptions();
        using var y = session.Run(run, ["x"], [x], ["y"]);
    }
}
