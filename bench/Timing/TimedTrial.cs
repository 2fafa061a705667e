using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Bench.Timing;

/// <summary>A frame in which something changed, as the oracle saw it.</summary>
/// <param name="Time">Time stamp of the frame, ms.</param>
/// <param name="Lag">How long after it the frame was painted at the earliest, ms.</param>
public sealed record SeenFrame(double Time, double Lag);

/// <summary>What the page reports of one trial.</summary>
/// <param name="Timing">The presenter's own record; null for an engine that has none.</param>
public sealed record PageRecord(SeenFrame On, SeenFrame Off, double ReactionTimeErrorMs, TrialTiming? Timing);

/// <summary>One trial: asked for, seen by the oracle, and what the engine itself said.</summary>
public sealed record TimedTrial(string Engine, bool Loaded, double RequestedMs, double RefreshMs, PageRecord Record)
{
    /// <summary>Frames from the first that showed the picture to the first that did not; each counts where it was painted.</summary>
    public double ShownFrames => Math.Round((Record.Off.Time - Record.On.Time) / RefreshMs) + Late(Record.Off) - Late(Record.On);

    /// <summary>Frames of the picture by the presenter's own record; NaN for an engine that has none.</summary>
    public double RecordedFrames => Record.Timing is { } timing ? Math.Round(timing.Stimulus.ShownMs / RefreshMs) : double.NaN;

    public double AskedFrames => TimingVerdicts.AskedFrames(RequestedMs, RefreshMs);

    public bool Exact => ShownFrames == AskedFrames;

    /// <summary>Whether the engine itself says that the trial is not exact; null for one that says nothing.</summary>
    public bool? Flagged => Record.Timing is { } timing ? TimingVerdicts.Of(timing) != TimingVerdict.Exact : null;

    public double ShownMs => Record.Off.Time - Record.On.Time;

    private double Late(SeenFrame frame) => Math.Floor(frame.Lag / RefreshMs);
}
