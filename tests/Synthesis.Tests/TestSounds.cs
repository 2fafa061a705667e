namespace PerceptionStudy.Synthesis.Tests;

/// <summary>Sounds made in code.</summary>
public static class TestSounds
{
    /// <summary>Something like a spoken vowel: harmonics of a gliding pitch under two moving formants, with pauses and a little noise; RMS about 0.1.</summary>
    public static float[] Voice(int samples, int rateHz, int seed)
    {
        var random = new Random(seed);
        var (pitch, first, second) = (90 + 120 * random.NextDouble(), 300 + 500 * random.NextDouble(), 900 + 1500 * random.NextDouble());
        var values = new double[samples];
        double phase = 0;
        for (var i = 0; i < samples; i++)
        {
            var t = (double)i / rateHz;
            phase += 2 * Math.PI * pitch * (1 + 0.2 * Math.Sin(5 * t + seed)) / rateHz;
            var loud = Math.Max(0, Math.Sin(9 * t + seed));
            for (var h = 1; h * pitch * 1.2 < rateHz / 2.5; h++)
            {
                var hz = h * pitch;
                values[i] += loud * Math.Sin(h * phase) * (Math.Exp(-Math.Abs(hz - first * (1 + 0.3 * Math.Sin(3 * t))) / 150) + 0.5 * Math.Exp(-Math.Abs(hz - second) / 200));
            }
            values[i] += 0.01 * (random.NextDouble() - 0.5);
        }
        var rms = Math.Sqrt(values.Average(v => v * v));
        return [.. values.Select(v => (float)(0.1 * v / rms))];
    }
}
