namespace PerceptionStudy.Server.Studies;

/// <summary>What participants of a study of sounds do before the first trial.</summary>
public sealed record SoundSettings
{
    /// <summary>Rounds of the headphone check.</summary>
    public const int HeadphoneRounds = 6;

    /// <summary>Level (RMS) of the noise by which the volume is set, where full scale is 1: that of prepared sounds.</summary>
    public const double NoiseRms = 0.1;

    /// <summary>Whether the volume is set by a noise as loud as the sounds.</summary>
    public bool AdjustLevel { get; init; } = true;

    /// <summary>Whether headphones are checked by tones in antiphase (Woods et al. 2017); who does not pass ends there.</summary>
    public bool HeadphoneCheck { get; init; } = true;

    /// <summary>Rounds of the headphone check that have to be right, of six; chance gets two.</summary>
    public int PassMark { get; init; } = 5;
}
