using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>How loud the sounds of a study are, and what its participants do before the first trial.</summary>
public sealed record SoundSettings
{
    /// <summary>Rounds of the headphone check.</summary>
    public const int HeadphoneRounds = 6;

    /// <summary>Level (RMS) of prepared sounds, where full scale is 1.</summary>
    public const double PreparedRms = 0.1;

    /// <summary>Highest level (RMS) that a study can ask for: pink noise as loud as that still fits into full scale.</summary>
    public const double HighestRms = 0.2;

    /// <summary>Level (RMS) at which every sound of the study is played, over the sound's own length, above 0 and up to <see cref="HighestRms"/>, where full scale is 1; null plays each as its file is.</summary>
    public double? Rms { get; init; }

    /// <summary>Level (RMS) of what is heard before the first trial, noise and tones: that of the sounds.</summary>
    [JsonIgnore]
    public double CheckRms => Rms ?? PreparedRms;

    /// <summary>Whether the volume is set by a noise as loud as the sounds.</summary>
    public bool AdjustLevel { get; init; } = true;

    /// <summary>Whether headphones are checked by tones in antiphase (Woods et al. 2017); who does not pass ends there.</summary>
    public bool HeadphoneCheck { get; init; } = true;

    /// <summary>Rounds of the headphone check that have to be right, of six; chance gets two.</summary>
    public int PassMark { get; init; } = 5;
}
