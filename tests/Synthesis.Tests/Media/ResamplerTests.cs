using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Synthesis.Tests.Media;

public sealed class ResamplerTests
{
    [Theory]
    [InlineData(44_100, 20_000)]
    [InlineData(48_000, 20_000)]
    [InlineData(16_000, 20_000)]
    [InlineData(8_000, 44_100)]
    [InlineData(22_050, 16_000)]
    public void Tones_pass_up_to_nine_tenths_and_nothing_else_comes(int from, int to)
    {
        var limit = Math.Min(from, to) / 2.0;
        foreach (var part in new[] { 0.01, 0.3, 0.6, 0.9 })
        {
            var (tone, output) = (part * limit, Middle(Resampler.To(Tone(part * limit, from), to).Samples));
            var (amplitude, rest) = Fitted(output, tone, to);
            Assert.InRange(20 * Math.Log10(amplitude / 0.5), -0.1, 0.1);
            Assert.True(20 * Math.Log10(rest / 0.5) < -80, $"{tone} Hz: all else is {20 * Math.Log10(rest / 0.5):0.0} dB.");
        }
    }

    [Theory]
    [InlineData(44_100, 20_000)]
    [InlineData(20_000, 8_000)]
    public void What_the_lower_rate_cannot_hold_is_gone(int from, int to)
    {
        foreach (var tone in new[] { to * 0.5, to * 0.55, Math.Min(to * 0.9, from * 0.45) })
        {
            var output = Middle(Resampler.To(Tone(tone, from), to).Samples);
            Assert.True(20 * Math.Log10(output.Max(Math.Abs) / 0.5) < -80, $"{tone} Hz: {20 * Math.Log10(output.Max(Math.Abs) / 0.5):0.0} dB");
        }
    }

    [Fact]
    public void It_does_not_shift_in_time_and_keeps_the_length()
    {
        var pulse = new float[8_000];
        for (var i = 0; i < pulse.Length; i++)
            pulse[i] = (float)Math.Exp(-Math.Pow((i - 3_000) / 40.0, 2));
        var output = Resampler.To(new(8_000, pulse), 20_000).Samples;
        Assert.Equal(20_000, output.Length);
        for (var i = 0; i < output.Length; i++)
            Assert.Equal(Math.Exp(-Math.Pow((i * 0.4 - 3_000) / 40.0, 2)), output[i], 1e-4);
    }

    private static Sound Tone(double hz, int rate) => new(rate, [.. Enumerable.Range(0, rate).Select(i => (float)(0.5 * Math.Sin(2 * Math.PI * hz * i / rate + 0.3)))]);

    // The ends hear the silence around the tone.
    private static double[] Middle(float[] samples) => [.. samples[(samples.Length / 4)..(samples.Length * 3 / 4)].Select(v => (double)v)];

    private static (double Amplitude, double Other) Fitted(double[] samples, double hz, int rate)
    {
        // Least squares of a sine and a cosine.
        double ss = 0, cc = 0, sc = 0, ys = 0, yc = 0;
        for (var i = 0; i < samples.Length; i++)
        {
            var (s, c) = Math.SinCos(2 * Math.PI * hz * i / rate);
            (ss, cc, sc, ys, yc) = (ss + s * s, cc + c * c, sc + s * c, ys + samples[i] * s, yc + samples[i] * c);
        }
        var determinant = ss * cc - sc * sc;
        var (a, b) = ((ys * cc - yc * sc) / determinant, (yc * ss - ys * sc) / determinant);
        var rest = samples.Select((v, i) => Math.Abs(v - a * Math.Sin(2 * Math.PI * hz * i / rate) - b * Math.Cos(2 * Math.PI * hz * i / rate))).Max();
        return (Math.Sqrt(a * a + b * b), rest);
    }
}
