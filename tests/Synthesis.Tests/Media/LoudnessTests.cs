using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

/// <summary>What ITU-R BS.1770 and EBU Tech 3341 say of sines must come out at every rate.</summary>
public sealed class LoudnessTests
{
    [Theory]
    [InlineData(48_000)]
    [InlineData(44_100)]
    [InlineData(20_000)]
    public void A_full_scale_sine_of_997_Hz_has_minus_3_LUFS(int rateHz) => Assert.Equal(-3.01, Loudness.Of(Sine(rateHz, 5, 1))!.Value, 0.05);

    [Fact]
    public void Ten_times_softer_is_20_LU_less() => Assert.Equal(20, Loudness.Of(Sine(20_000, 2, 0.5))!.Value - Loudness.Of(Sine(20_000, 2, 0.05))!.Value, 1e-3);

    [Fact]
    public void Silence_around_a_sound_does_not_make_it_softer()
    {
        // EBU Tech 3341, cases 3 and 4: the gates leave out what is far below the rest.
        var (tone, silence) = (Sine(48_000, 4, 0.1).Samples, new float[8 * 48_000]);
        Assert.Equal(Loudness.Of(new(48_000, tone))!.Value, Loudness.Of(new(48_000, [.. silence, .. tone, .. silence]))!.Value, 0.5);
        // A plain mean would be 7 LU lower.
    }

    [Fact]
    public void A_sound_shorter_than_a_block_is_one_block() => Assert.Equal(-3.01 - 20, Loudness.Of(Sine(48_000, 0.25, 0.1))!.Value, 0.3);

    [Fact]
    public void Below_minus_70_LUFS_there_is_none()
    {
        Assert.Null(Loudness.Of(new(20_000, new float[40_000])));
        Assert.Null(Loudness.Of(Sine(20_000, 2, 1e-4)));
        Assert.Null(Loudness.Of(new(20_000, [])));
        Assert.NotNull(Loudness.Of(Sine(20_000, 2, 1e-3)));
    }

    [Fact]
    public void Low_tones_count_for_less_and_high_ones_for_more()
    {
        // K-weighting: about −6 dB at 40 Hz, +4 dB high up (figure 4 of the recommendation).
        var middle = Loudness.Of(Sine(48_000, 3, 0.1))!.Value;
        Assert.InRange(Loudness.Of(Sine(48_000, 3, 0.1, 38))!.Value - middle, -8, -5.5);
        Assert.InRange(Loudness.Of(Sine(48_000, 3, 0.1, 10_000))!.Value - middle, 3, 4);
    }

    private static Sound Sine(int rateHz, double seconds, double amplitude, double hertz = 997) =>
        new(rateHz, [.. Enumerable.Range(0, (int)(seconds * rateHz)).Select(i => (float)(amplitude * Math.Sin(2 * Math.PI * hertz * i / rateHz)))]);
}
