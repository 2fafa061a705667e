using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Participation;

/// <summary>How far a trial's presentation can be trusted.</summary>
public enum TimingVerdict : byte { Exact, OffByOne, Bad }

/// <summary>
/// The verdict on a trial, computed on the server from the stored times. In frames of the screen's own refresh interval:
/// shown = offset − onset; asked = the duration asked for, at least one. A frame is late if its lag is a refresh interval or more.
/// <list type="bullet">
/// <item><c>bad</c>: the page was hidden, out of focus or interrupted; or shown differs from asked by two frames or more; or the frame of onset or offset was two frames late; or no refresh interval
/// between 2 and 50 ms was measured.</item>
/// <item><c>off_by_one</c>: it differs by one frame; or the frame of onset, offset or response screen was late.</item>
/// <item><c>exact</c>: neither.</item>
/// </list>
/// A trial with a sound is judged by <see cref="SoundTimingVerdict"/>.
/// </summary>
public static class TimingVerdicts
{
    // Beyond these no screen refreshes; what was measured is then not the screen.
    private const double ShortestIntervalMs = 2, LongestIntervalMs = 50;

    public static TimingVerdict Of(TrialTiming timing)
    {
        if (timing.Sound is { } sound) return SoundTimingVerdict.Of(timing, sound);
        var interval = timing.RefreshIntervalMs;
        if (timing.Disturbed || interval is not (>= ShortestIntervalMs and <= LongestIntervalMs)) return TimingVerdict.Bad;
        var off = Math.Abs(ShownFrames(timing.Stimulus, interval) - AskedFrames(timing.Stimulus.RequestedMs, interval));
        var late = Math.Max(FramesLate(timing.Stimulus.OnsetLagMs, interval), FramesLate(timing.Stimulus.OffsetLagMs, interval));
        if (off >= 2 || late >= 2) return TimingVerdict.Bad;
        return off == 1 || late == 1 || FramesLate(timing.ResponseOnsetLagMs, interval) > 0 ? TimingVerdict.OffByOne : TimingVerdict.Exact;
    }

    /// <summary>As the codebook and the metrics have it.</summary>
    public static string NameOf(TimingVerdict verdict) => verdict switch { TimingVerdict.Exact => "exact", TimingVerdict.OffByOne => "off_by_one", _ => "bad" };

    /// <summary>Frames from onset to offset.</summary>
    public static double ShownFrames(PhaseTiming phase, double intervalMs) =>
        Math.Round(phase.ShownMs / intervalMs);

    /// <summary>The number of frames nearest to what was asked for; a phase that is shown at all takes one.</summary>
    public static double AskedFrames(double requestedMs, double intervalMs) => requestedMs <= 0 ? 0 : Math.Max(1, Math.Round(requestedMs / intervalMs));

    // What is drawn after the next refresh is due comes with one of the refreshes after that.
    private static double FramesLate(double lagMs, double intervalMs) => Math.Floor(lagMs / intervalMs);
}
