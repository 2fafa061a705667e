using PerceptionStudy.Server.Accounts.Auditing;
using PerceptionStudy.Server.Data;
using PerceptionStudy.Synthesis.Hosting;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Stimuli;

/// <summary>Length and level of a sound as it is kept: a WAV of 16 bits and one channel. They follow from the file, whose hash is in the audit log.</summary>
public sealed record SoundFacts
{
    /// <summary>Sampling rate.</summary>
    public required int RateHz { get; init; }

    /// <summary>Length in samples.</summary>
    public required int Samples { get; init; }

    /// <summary>Root of the mean square over the whole length, where full scale is 1.</summary>
    public required double RmsLevel { get; init; }

    /// <summary>Largest magnitude, where full scale is 1.</summary>
    public required double PeakLevel { get; init; }

    /// <summary>Integrated loudness in LUFS (ITU-R BS.1770-4); null of a sound that is too quiet to have one.</summary>
    public double? LoudnessLufs { get; init; }

    /// <summary>What had to be done about its level, in a sentence; null if nothing.</summary>
    public string? Note { get; init; }

    /// <summary>Length in seconds.</summary>
    public double Seconds => (double)Samples / RateHz;

    internal static SoundFacts Of(PreparedSound sound) => new()
    {
        RateHz = sound.RateHz, Samples = sound.Samples, RmsLevel = sound.Rms, PeakLevel = sound.Peak, LoudnessLufs = sound.LoudnessLufs, Note = sound.Note,
    };
}

/// <summary>The form that recordings are brought into when they enter a set of sounds.</summary>
[Audited]
public sealed record SoundForm
{
    /// <summary>Sampling rate, 4,000 to 384,000 Hz.</summary>
    public int RateHz { get; init; } = 20_000;

    /// <summary>Length in seconds, up to ten minutes; null where each keeps its own. Of a longer recording the middle is taken, a shorter one stands in the middle of silence.</summary>
    public double? Seconds { get; init; } = 2;

    /// <summary>Level (RMS) over the whole length, above 0 and below 1, where full scale is 1.</summary>
    public double Rms { get; init; } = 0.1;

    /// <summary>Length in samples.</summary>
    internal int? Samples => Seconds is { } seconds ? (int)Math.Round(seconds * RateHz) : null;

    /// <exception cref="RefusedException">A number is out of its range; the message says which.</exception>
    internal void Check()
    {
        if (RateHz is < WavFile.LowestRateHz or > WavFile.HighestRateHz)
            throw new RefusedException($"The sampling rate must be between {WavFile.LowestRateHz:N0} and {WavFile.HighestRateHz:N0} Hz.");
        if (Seconds is { } seconds && (!(seconds > 0) || seconds > SoundFile.MostSeconds || Samples < 1)) throw new RefusedException($"The length of the sounds must be above 0 and at most {SoundFile.MostSeconds} seconds.");
        if (!(Rms is > 0 and < 1)) throw new RefusedException("The level (RMS) of the sounds must be above 0 and below 1, for example 0.1.");
    }
}
