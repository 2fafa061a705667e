using System.Globalization;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Brings sounds to a level, never above full scale.</summary>
public static class SoundLevel
{
    // The largest value of 16 bits.
    private const double FullScale = 32767 / 32768.0;

    /// <summary>The sound at a level, where full scale is 1. If its largest sample would not fit, the whole sound is as loud as does, and the note says so; nothing is clipped.</summary>
    /// <param name="sound">The sound; one of zeros stays as it is.</param>
    /// <param name="rms">Root of the mean square wanted, over the whole length, above 0 and below 1.</param>
    /// <returns>The sound, and what had to be done in a sentence, or null.</returns>
    public static (Sound Sound, string? Note) At(Sound sound, double rms)
    {
        ArgumentNullException.ThrowIfNull(sound);
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(rms);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(rms, 1);
        if (sound.Rms == 0)
            return (sound, "It is silent, so that its level could not be set.");
        var (gain, note) = Gain(sound.Rms, sound.Peak, rms);
        return (sound with { Samples = [.. sound.Samples.Select(v => (float)(v * gain))] }, note);
    }

    /// <summary>The highest level at which a sound fits into full scale. Sounds fit at one level if it is not above the lowest of these.</summary>
    /// <param name="rms">Its level now.</param>
    /// <param name="peak">Its largest magnitude now.</param>
    public static double Highest(double rms, double peak) => peak > 0 ? rms * FullScale / peak : 0;

    /// <summary>What a sound has to be multiplied by, and what had to be done in a sentence, or null.</summary>
    internal static (double Gain, string? Note) Gain(double rmsNow, double peakNow, double rms)
    {
        var fitting = Math.Min(rms, Highest(rmsNow, peakNow));
        return (fitting / rmsNow, fitting == rms ? null : Lowered(rms, fitting));
    }

    /// <summary>What is said of a sound that could not be brought to a level.</summary>
    /// <param name="wanted">The level wanted.</param>
    /// <param name="reached">The level that fits into full scale.</param>
    public static string Lowered(double wanted, double reached) => string.Create(
        CultureInfo.InvariantCulture, $"The level was lowered from {wanted:0.###} to {reached:0.###} (RMS), because single peaks would not fit into full scale otherwise.");
}
