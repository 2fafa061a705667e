using PerceptionStudy.Synthesis.Media;
using PerceptionStudy.Synthesis.Metamers;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class RandomShiftTests
{
    [Theory]
    [InlineData(500)]   // shorter than the view
    [InlineData(1_000)]
    [InlineData(5_000)] // longer
    public void The_sound_stands_at_random_places_and_at_least_half_is_kept(int length)
    {
        // A rising frequency tells which part of the recording is heard.
        Sound recording = new(8_000, [.. Enumerable.Range(0, length).Select(i => 0.3f * MathF.Sin(2e-4f * i * i + 0.2f * i))]);
        var random = new NoiseSource(1);
        var kept = Enumerable.Range(0, 60).Select(_ => RandomShift.Of(recording, 1_000, 0.1, "r", random)).ToArray();
        Assert.InRange(kept.Select(k => k.SamplesSha256()).Distinct().Count(), 50, 60); // Some places come twice.
        Assert.All(kept, view =>
        {
            Assert.Equal(1_000, view.Samples.Length);
            Assert.Equal(0.1, view.Rms, 1e-4);
            Assert.InRange(view.Samples.Count(v => Math.Abs(v) > 1e-3), Math.Min(length, 1_000) / 2 - 60, 1_000);
        });
        // At both ends of the range, and not only there.
        int[] starts = [.. kept.Select(view => Array.FindIndex(view.Samples, v => Math.Abs(v) > 1e-3))];
        Assert.True(starts.Max() > 300 || length > 1_000, $"{starts.Max()}");
        Assert.True(starts.Min() < 20);
    }

    [Fact]
    public void A_pause_is_no_view()
    {
        var recording = new float[80_000];
        for (var i = 0; i < 4_000; i++)
            recording[30_000 + i] = MathF.Sin(i);
        var random = new NoiseSource(2);
        for (var i = 0; i < 20; i++)
            Assert.InRange(RandomShift.Of(new(8_000, recording), 16_000, 0.1, "r", random).Rms, 0.01, 0.11);
    }
}
