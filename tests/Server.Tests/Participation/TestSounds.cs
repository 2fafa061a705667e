using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>Short sounds made from a number: a few tones between two ramps, each of a length of its own.</summary>
public static class TestSounds
{
    public const int RateHz = 20_000;

    /// <summary>From 0.15 to 0.3 s.</summary>
    public static Sound Sound(int number)
    {
        var samples = new float[3000 + number * 37 % 4 * 1000];
        const int ramp = 200;
        for (var n = 0; n < samples.Length; n++)
        {
            var edge = Math.Min(1.0, Math.Min(n, samples.Length - 1 - n) / (double)ramp);
            var phase = 2 * Math.PI * n / RateHz;
            samples[n] = (float)(0.1 * (1 - Math.Cos(Math.PI * edge)) / 2 * (Math.Sin(phase * (300 + number * 61 % 700)) + Math.Sin(phase * (1500 + number * 97 % 2500))));
        }
        return new Sound(RateHz, samples);
    }
}
