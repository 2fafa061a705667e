using System.Globalization;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Turns a recording into the stimulus that is kept: mono at one rate, of one length and level, its ends faded (docs/SOUNDS.md).</summary>
public static class SoundPreparation
{
    private const double RampSeconds = 0.01;

    // A sound all of whose samples are smaller is silence with rounding errors.
    private const double Silence = 1e-5;

    /// <summary>Decodes, prepares, writes, and draws the thumbnails that are asked for.</summary>
    /// <param name="request">What to read and write, and the form wanted.</param>
    /// <exception cref="SynthesisException">The sound cannot be read or is silent, or the form makes no sense.</exception>
    public static PreparedSound Prepare(PrepareSound request)
    {
        ArgumentNullException.ThrowIfNull(request);
        if (request.RateHz is < WavFile.LowestRateHz or > WavFile.HighestRateHz)
            throw new SynthesisException($"A sound's sampling rate must be {WavFile.LowestRateHz:N0} to {WavFile.HighestRateHz:N0} Hz.");
        if (request.Samples is < 1 || request.Samples > SoundFile.MostSeconds * (long)request.RateHz)
            throw new SynthesisException($"A sound's length must be 1 sample to {SoundFile.MostSeconds / 60} minutes.");
        if (!(request.Rms is > 0 and < 1))
            throw new SynthesisException("A sound's level (RMS) must be above 0 and below 1, for example 0.1.");
        var (sound, note) = Prepared(SoundFile.Read(request.Input), request.RateHz, request.Samples, request.Rms, Path.GetFileName(request.Input));
        WavFile.Write(sound, request.Output);
        Draw(sound, request.Waveform, request.Spectrogram);
        return Described(sound, request.Output, note);
    }

    /// <summary>Reads a finished sound and writes what is asked for; its samples stay as they are.</summary>
    /// <exception cref="SynthesisException">The sound cannot be read, or would be clipped by 16 bits.</exception>
    public static PreparedSound Read(ReadSound request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var sound = SoundFile.Read(request.Input);
        if (sound.Peak > 1)
            throw SoundFile.Unreadable(Path.GetFileName(request.Input), string.Create(CultureInfo.InvariantCulture, $"its samples reach {sound.Peak:0.##}, above full scale, so that it would be clipped; bring its level down first"));
        if (request.Output is { } output)
            WavFile.Write(sound, output);
        Draw(sound, request.Waveform, request.Spectrogram);
        return Described(sound, request.Output ?? request.Input, null);
    }

    private static void Draw(Sound sound, string? waveform, string? spectrogram)
    {
        if (waveform is not null)
            PictureFile.WritePng(SoundPicture.Waveform(sound), waveform);
        if (spectrogram is not null)
            PictureFile.WritePng(SoundPicture.Spectrogram(sound), spectrogram);
    }

    // What is told is true of the 16 bits.
    private static PreparedSound Described(Sound sound, string path, string? note)
    {
        var kept = sound with { Samples = [.. sound.Samples.Select(v => Sound.Rounded(v) / 32768f)] };
        return new(kept.RateHz, kept.Samples.Length, kept.Rms, kept.Peak, WholeFile.Sha256(path), note, Loudness.Of(kept));
    }

    /// <summary>Prepares a sound.</summary>
    /// <param name="sound">The recording.</param>
    /// <param name="rateHz">Rate wanted.</param>
    /// <param name="samples">Length wanted: the middle is cut out, or silence added on both sides; null keeps its own.</param>
    /// <param name="rms">Level wanted, over the whole length.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <returns>The sound, and what had to be done about its level, or null.</returns>
    internal static (Sound Sound, string? Note) Prepared(Sound sound, int rateHz, int? samples, double rms, string name)
    {
        if (sound.Peak < Silence)
            throw SoundFile.Unreadable(name, "it is silent, so that its level cannot be set");
        var source = Resampler.To(sound, rateHz).Samples;
        var length = samples ?? source.Length;
        var (from, to) = (Math.Max(0, (source.Length - length) / 2), Math.Max(0, (length - source.Length) / 2));
        var part = source.AsSpan(from, Math.Min(length, source.Length));
        var values = Faded(part, rateHz);
        var power = values.Sum(v => v * v) / length;
        if (power < Silence * Silence)
            throw SoundFile.Unreadable(name, "the part of it that is kept is silent or constant, so that its level cannot be set");
        var (gain, note) = SoundLevel.Gain(Math.Sqrt(power), values.Max(Math.Abs), rms);
        var result = new float[length];
        for (var i = 0; i < values.Length; i++)
            result[to + i] = (float)(values[i] * gain);
        return (new(rateHz, result), note);
    }

    // Raised-cosine ramps at both ends, and no mean: of x·w with (x − c)·w, c is chosen so that the sum is 0 and the ends stay 0.
    private static double[] Faded(ReadOnlySpan<float> part, int rateHz)
    {
        var ramp = Math.Min((int)(RampSeconds * rateHz), part.Length / 2);
        var weights = new double[part.Length];
        double weighted = 0, sum = 0;
        for (var i = 0; i < weights.Length; i++)
        {
            var edge = Math.Min(i, weights.Length - 1 - i);
            weights[i] = edge >= ramp ? 1 : 0.5 - 0.5 * Math.Cos(Math.PI * edge / ramp);
            (weighted, sum) = (weighted + weights[i] * part[i], sum + weights[i]);
        }
        var values = new double[part.Length];
        for (var i = 0; i < values.Length; i++)
            values[i] = weights[i] * (part[i] - (sum > 0 ? weighted / sum : 0));
        return values;
    }
}
