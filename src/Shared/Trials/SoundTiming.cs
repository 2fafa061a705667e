namespace PerceptionStudy.Shared.Trials;

/// <summary>
/// How a sound was played. Its start is scheduled on the audio clock; from there to the page's clock (<c>performance.now()</c>, ms) leads what the browser says of both at the
/// same moment (<c>getOutputTimestamp</c>), which is where its loudspeaker is as far as it knows. What lies behind that, for example a wireless link, no browser tells.
/// </summary>
public sealed record SoundTiming
{
    /// <summary>Moment at which the sound was to leave the loudspeaker, on the page's clock, ms.</summary>
    public double ScheduledStartMs { get; init; }

    /// <summary>Moment at which it did, on the page's clock, ms: median of what the browser said while the first part was played.</summary>
    public double StartMs { get; init; }

    /// <summary>Moment at which its last sample did, on the page's clock, ms, likewise. Longer than its duration after the start if the audio clock stood still in between.</summary>
    public double EndMs { get; init; }

    /// <summary>Duration of the sound, ms.</summary>
    public double DurationMs { get; init; }

    /// <summary>Samples of the sound, silence at its end included.</summary>
    public int Samples { get; init; }

    /// <summary>Sampling rate of the sound, Hz.</summary>
    public int RateHz { get; init; }

    /// <summary>Rate of the audio clock, Hz; another one than the sound's means that the browser resampled it.</summary>
    public double ClockRateHz { get; init; }

    /// <summary>From the page's audio to the system's, ms, as the browser tells it (<c>baseLatency</c>); null where it does not.</summary>
    public double? BaseLatencyMs { get; init; }

    /// <summary>From there to the loudspeaker, ms, as the browser estimates it at the sound's end (<c>outputLatency</c>); null where it does not.</summary>
    public double? OutputLatencyMs { get; init; }

    /// <summary>Whether the audio clock ran from before the sound to its end.</summary>
    public bool ClockRan { get; init; }

    /// <summary>Times at which audio devices came or went from before the sound to its end.</summary>
    public int DeviceChanges { get; init; }
}
