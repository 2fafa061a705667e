using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Metamers;

public sealed class CheckpointTests : IDisposable
{
    private readonly TestFolder folder = new();

    public void Dispose() => folder.Dispose();

    [Fact]
    public void The_state_comes_back_bit_by_bit()
    {
        float[][] state = [[1f / 3, -0f, float.Epsilon], [3, 4, 5]];
        new Checkpoint("abc", 17, 2, 1.5, [new(0, 1, 2), new(16, 0.5f, 0.25f)], [1d / 3, -0d, double.Epsilon], state).Write(folder["c"]);
        var read = Checkpoint.Read(folder["c"], "abc");
        Assert.Equal((17, 2, 1.5), (read.Step, read.Restarts, read.Seconds));
        Assert.Equal(new[] { 1d / 3, -0d, double.Epsilon }.Select(BitConverter.DoubleToInt64Bits), read.Control.Select(BitConverter.DoubleToInt64Bits));
        Assert.Equal([new(0, 1, 2), new(16, 0.5f, 0.25f)], read.Curve);
        Assert.Equal(state.SelectMany(s => s).Select(BitConverter.SingleToInt32Bits), read.State.SelectMany(s => s).Select(BitConverter.SingleToInt32Bits));
    }

    [Fact]
    public void One_of_another_synthesis_and_a_damaged_one_are_refused()
    {
        new Checkpoint("abc", 17, 0, 1.5, [], [], [[1, 2, 3]]).Write(folder["c"]);
        Assert.EndsWith("belongs to a synthesis with another model, picture, stage or setting; delete it to start from the beginning.",
            Assert.Throws<SynthesisException>(() => Checkpoint.Read(folder["c"], "abd")).Message, StringComparison.Ordinal);
        var bytes = File.ReadAllBytes(folder["c"]);
        bytes[^40] ^= 1;
        File.WriteAllBytes(folder["c"], bytes);
        Assert.EndsWith("is not a whole checkpoint of a synthesis; delete it to start from the beginning.",
            Assert.Throws<SynthesisException>(() => Checkpoint.Read(folder["c"], "abc")).Message, StringComparison.Ordinal);
        File.WriteAllBytes(folder["c"], []);
        Assert.Throws<SynthesisException>(() => Checkpoint.Read(folder["c"], "abc"));
    }
}
