namespace PerceptionStudy.Shared.Sessions;

/// <summary>What a browser needs to play the sounds of a session.</summary>
public sealed record SoundPlan
{
    /// <summary>Sampling rate of all sounds, Hz: that of the browser's audio clock, so that nothing is resampled on the way to it.</summary>
    public int RateHz { get; init; }

    /// <summary>Whether the volume is set by a noise before the first trial.</summary>
    public bool AdjustLevel { get; init; }

    /// <summary>Level (RMS) of that noise, where full scale is 1: that of the sounds.</summary>
    public double NoiseRms { get; init; }

    /// <summary>The headphone check that is still to be done; null for none.</summary>
    public HeadphoneCheckPlan? HeadphoneCheck { get; init; }
}
