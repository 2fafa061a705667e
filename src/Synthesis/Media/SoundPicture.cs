namespace PerceptionStudy.Synthesis.Media;

/// <summary>Thumbnails of sounds: dark on white.</summary>
public static class SoundPicture
{
    private const int Width = 320, Height = 120, Window = 512;
    private const double RangeDb = 70;

    /// <summary>The waveform, from its lowest to its highest value in each column; full height is its peak.</summary>
    public static Picture Waveform(Sound sound)
    {
        ArgumentNullException.ThrowIfNull(sound);
        // A quiet sound would be a flat line.
        var scale = Math.Max(sound.Peak, 1e-6);
        return Drawn((x, y) =>
        {
            var (low, high) = (float.MaxValue, float.MinValue);
            for (long i = (long)sound.Samples.Length * x / Width, end = Math.Max(i + 1, (long)sound.Samples.Length * (x + 1) / Width); i < end && i < sound.Samples.Length; i++)
                (low, high) = (Math.Min(low, sound.Samples[i]), Math.Max(high, sound.Samples[i]));
            double Row(double value) => (Height - 1) * (0.5 - 0.5 * value / scale);
            return y >= Math.Floor(Row(high)) && y <= Math.Ceiling(Row(low)) ? 0.8 : 0;
        });
    }

    /// <summary>Magnitude of the short-time spectrum (Hann windows of 512 samples), 70 dB below its maximum to the maximum; frequency upwards to half the rate.</summary>
    public static Picture Spectrogram(Sound sound)
    {
        ArgumentNullException.ThrowIfNull(sound);
        var (levels, loudest) = (new double[Width, Height], double.MinValue);
        Parallel.For(0, Width, x => Column(sound, x, levels));
        foreach (var level in levels)
            loudest = Math.Max(loudest, level);
        return Drawn((x, y) => Math.Clamp(1 + (levels[x, y] - loudest) / RangeDb, 0, 1));
    }

    private static void Column(Sound sound, int x, double[,] levels)
    {
        var start = (long)(sound.Samples.Length - 1) * x / (Width - 1) - Window / 2;
        var framed = new double[Window];
        for (var n = 0; n < Window; n++)
            framed[n] = start + n >= 0 && start + n < sound.Samples.Length ? sound.Samples[start + n] * (0.5 - 0.5 * Math.Cos(2 * Math.PI * n / Window)) : 0;
        for (var y = 0; y < Height; y++)
        {
            // Goertzel's recurrence: one frequency needs no whole transform.
            var turn = 2 * Math.Cos(Math.PI * (Height - 1 - y) / (Height - 1));
            double last = 0, before = 0;
            foreach (var value in framed)
                (last, before) = (value + turn * last - before, last);
            levels[x, y] = 10 * Math.Log10(Math.Max(1e-12, last * last + before * before - turn * last * before));
        }
    }

    private static Picture Drawn(Func<int, int, double> ink)
    {
        var pixels = new byte[3 * Width * Height];
        for (var y = 0; y < Height; y++)
            for (var x = 0; x < Width; x++)
                pixels.AsSpan(3 * (y * Width + x), 3).Fill((byte)(255 - 230 * ink(x, y)));
        return new(Width, Height, pixels);
    }
}
