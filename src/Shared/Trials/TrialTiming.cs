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

    /// <summary>The picture; of a sound, the frames in which it was played.</summary>
    public required PhaseTiming Stimulus { get; init; }

    /// <summary>Noise mask.</summary>
    public required PhaseTiming Mask { get; init; }

    /// <summary>Frame in which the response screen appeared, ms: zero of the reaction time.</summary>
    public double ResponseOnsetMs { get; init; }

    /// <summary>How long after its time stamp the page could work on that frame, ms; more than a refresh interval means that it appeared a frame later.</summary>
    public double ResponseOnsetLagMs { get; init; }

    /// <summary>Time stamp of the answering event, ms; of the frame in which time ran out, if nobody answered.</summary>
    public double ResponseMs { get; init; }

    /// <summary>How it was answered: <c>key</c>, <c>mouse</c>, <c>touch</c>, <c>pen</c>, <c>other</c> (assistive technology) or <c>none</c> (nobody answered).</summary>
    public required string ResponseDevice { get; init; }

    /// <summary>The screen's refresh interval, ms: mean of the latest 120 intervals between frames before the trial, dropped frames left out.</summary>
    public double RefreshIntervalMs { get; init; }

    /// <summary>Frames that failed to come from blank to response screen, counted by the gaps between the refreshes with which they come to the screen.</summary>
    public int DroppedFrames { get; init; }

    /// <summary>Gaps of more than one and a half refresh intervals between two frames, from blank to response screen: each drops one or more frames.</summary>
    public int LateFrames { get; init; }

    /// <summary>
    /// Longest task that kept the page busy from blank to response screen, ms. Browsers tell only of those over 50 ms: 0 if there was none,
    /// null where the browser does not tell.
    /// </summary>
    public double? LongestTaskMs { get; init; }

    /// <summary>Keys and buttons pressed before the response screen was there, all of them; they are no answers.</summary>
    public int EarlyInputCount { get; init; }

    /// <summary>The first 16 of these.</summary>
    public EarlyInput[] EarlyInputs { get; init; } = [];

    /// <summary>Whether the page was hidden or out of focus at any time of the trial.</summary>
    public bool Disturbed { get; init; }

    /// <summary>What disturbed it, in order; at most 16 are kept.</summary>
    public required Disturbance[] Disturbances { get; init; }

    /// <summary>How the sound was played; null for a picture.</summary>
    public SoundTiming? Sound { get; init; }

    /// <summary>Device pixels for each CSS pixel.</summary>
    public double DevicePixelRatio { get; init; }

    /// <summary>Side of the picture as laid out, CSS pixels; 0 for a sound.</summary>
    public double PictureCssPx { get; init; }

    /// <summary>Side of the picture on the screen, device pixels; 0 for a sound.</summary>
    public int PictureDevicePx { get; init; }

    /// <summary>Side of the picture in its file, pixels; 0 for a sound.</summary>
    public int PictureFilePx { get; init; }

    /// <summary>Whether the picture was resampled smoothly; false where each of its pixels became a square of whole device pixels.</summary>
    public bool Smoothed { get; init; }

    /// <summary>CSS pixels for one degree of visual angle, by the participant's calibration; null without one.</summary>
    public double? CssPxPerDegree { get; init; }

    /// <summary>Distance of the eyes from the screen, mm, by the participant's calibration; null without one.</summary>
    public double? ViewingDistanceMm { get; init; }

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

    /// <summary>How long after its time stamp the page could work on the onset's frame, ms.</summary>
    public double OnsetLagMs { get; init; }

    /// <summary>How long after its time stamp the page could work on the offset's frame, ms.</summary>
    public double OffsetLagMs { get; init; }
}

/// <summary>A key or button that was pressed too early.</summary>
/// <param name="What">The key by its place (<c>KeyboardEvent.code</c>), or <c>mouse</c>, <c>touch</c>, <c>pen</c>.</param>
/// <param name="AtMs">Time stamp of the event, ms.</param>
public sealed record EarlyInput(string What, double AtMs);

/// <summary>The page was hidden, shown again, or lost or won the focus; or something happened to the sound.</summary>
/// <param name="What">
/// <c>hidden</c>, <c>visible</c>, <c>blur</c>, <c>focus</c>, <c>resize</c>, <c>pause</c> (something else was asked) or <c>interrupted</c> (the page went; its time is not known and 0);
/// of the sound, <c>audio_running</c>, <c>audio_suspended</c>, <c>audio_interrupted</c>, <c>audio_closed</c> (what the audio clock does), <c>audio_error</c> (its device failed) and <c>device_change</c>.
/// </param>
/// <param name="AtMs">Time stamp of the event, ms.</param>
public sealed record Disturbance(string What, double AtMs);
