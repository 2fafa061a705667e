using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis;

/// <summary>How far a trial's presentation can be trusted.</summary>
public enum TimingVerdict : byte { Exact, Off, Dropped, Disturbed }

public static class TimingVerdicts
{
    /// <summary>
    /// The worst that holds: the page was hidden or out of focus; frames failed to come; the stimulus was shown longer or shorter than asked by
    /// more than half a refresh interval (which no screen can do better than) and 1 ms for the clock's steps; otherwise exact.
    /// </summary>
    public static TimingVerdict Of(TrialTiming timing)
    {
        if (timing.Disturbed) return TimingVerdict.Disturbed;
        if (timing.DroppedFrames > 0) return TimingVerdict.Dropped;
        var error = Math.Abs(timing.Stimulus.ShownMs - timing.Stimulus.RequestedMs);
        return error <= timing.RefreshIntervalMs / 2 + 1 ? TimingVerdict.Exact : TimingVerdict.Off;
    }
}
