namespace PerceptionStudy.Shared.Trials;

/// <summary>
/// What the presenter measured in one trial. All times are in ms on one clock, the page's (<c>performance.now()</c>): frame time stamps as
/// <c>requestAnimationFrame</c> gives them, events by their own <c>timeStamp</c>.
/// </summary>
public sealed record TrialTiming
{
    /// <summary>Empty grey.</summary>
    public required PhaseTiming Blank { get; init; }

    /// <summary>Fixation cross.</summary>
    public required PhaseTiming Fixation { get; init; }

    /// <summary>The picture.</summary>
    public required PhaseTiming Stimulus { get; init; }

    /// <summary>Noise mask.</summary>
    public required PhaseTiming Mask { get; init; }

    /// <summary>Frame in which the response screen appeared, ms: zero of the reaction time.</summary>
    public double ResponseOnsetMs { get; init; }

    /// <summary>Time stamp of the answering event, ms.</summary>
    public double ResponseMs { get; init; }

    /// <summary>How it was answered: <c>key</c>, <c>mouse</c>, <c>touch</c>, <c>pen</c> or <c>other</c> (assistive technology).</summary>
    public required string ResponseDevice { get; init; }

    /// <summary>The screen's refresh interval, ms: median of the latest 120 frames before the trial.</summary>
    public double RefreshIntervalMs { get; init; }

    /// <summary>Frames that failed to come from blank to response screen, counted by the gaps between frame time stamps.</summary>
    public int DroppedFrames { get; init; }

    /// <summary>Whether the page was hidden or out of focus at any time of the trial.</summary>
    public bool Disturbed { get; init; }

    /// <summary>What disturbed it, in order; at most 16 are kept.</summary>
    public required Disturbance[] Disturbances { get; init; }

    /// <summary>Device pixels for each CSS pixel.</summary>
    public double DevicePixelRatio { get; init; }

    /// <summary>Side of the picture as laid out, CSS pixels.</summary>
    public double PictureCssPx { get; init; }

    /// <summary>Width of the window, CSS pixels.</summary>
    public double WindowWidthCssPx { get; init; }

    /// <summary>Height of the window, CSS pixels.</summary>
    public double WindowHeightCssPx { get; init; }

    /// <summary>Whether the window filled the screen.</summary>
    public bool FullScreen { get; init; }

    /// <summary>Whether the mouse pointer was hidden from blank to mask.</summary>
    public bool PointerHidden { get; init; }
}

/// <summary>One phase of a trial: asked for and shown.</summary>
public sealed record PhaseTiming
{
    /// <summary>Duration asked for, ms.</summary>
    public double RequestedMs { get; init; }

    /// <summary>Offset minus onset, ms.</summary>
    public double ShownMs { get; init; }

    /// <summary>Frames that were drawn while it was shown.</summary>
    public int Frames { get; init; }

    /// <summary>Time stamp of the first frame that showed it, ms.</summary>
    public double OnsetMs { get; init; }

    /// <summary>Time stamp of the first frame that no longer showed it, ms.</summary>
    public double OffsetMs { get; init; }
}

/// <summary>The page was hidden, shown again, or lost or won the focus.</summary>
/// <param name="What"><c>hidden</c>, <c>visible</c>, <c>blur</c>, <c>focus</c> or <c>resize</c>.</param>
/// <param name="AtMs">Time stamp of the event, ms.</param>
public sealed record Disturbance(string What, double AtMs);
