using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Analysis.Simulation;

/// <summary>
/// Answers trials with a given proportion correct; wrong answers are spread evenly over the other choices. Reaction times are
/// ex-Gaussian (normal with mean 550 ms and SD 80 ms, plus exponential with mean 250 ms), as people's are about. Not a model of people.
/// </summary>
public sealed class SyntheticObserver(int seed)
{
    private const double FrameMs = 1000.0 / 60;
    private readonly Random random = new(seed);
    private double clockMs = 5000;

    public TrialResponse Answer(Trial trial, double proportionCorrect, StudyDesign design)
    {
        var choice = trial.CorrectCategory;
        if (random.NextDouble() >= proportionCorrect)
        {
            var others = (trial.Choices ?? design.Categories).Where(c => c != trial.CorrectCategory).ToArray();
            choice = others[random.Next(others.Length)];
        }
        var reactionTimeMs = ReactionTimeMs();
        return new TrialResponse { TrialId = trial.Id, Choice = choice, ReactionTimeMs = reactionTimeMs, Confidence = design.Response.ConfidenceLevels is { } levels ? 1 + random.Next(levels) : null, Timing = Timing(design, reactionTimeMs) };
    }

    private double ReactionTimeMs()
    {
        // Box and Muller's normal deviate; 1 − u keeps the logarithms finite.
        var normal = Math.Sqrt(-2 * Math.Log(1 - random.NextDouble())) * Math.Cos(2 * Math.PI * random.NextDouble());
        return Math.Max(150, 550 + 80 * normal - 250 * Math.Log(1 - random.NextDouble()));
    }

    /// <summary>The record of a presenter that never drops a frame of a 60 Hz screen.</summary>
    private TrialTiming Timing(StudyDesign design, double reactionTimeMs)
    {
        clockMs += 800;
        var blank = Phase(design.Durations.BlankMs);
        var fixation = Phase(design.Durations.FixationMs);
        var stimulus = Phase(design.Durations.StimulusMs);
        var mask = Phase(design.Durations.MaskMs);
        var onset = clockMs;
        clockMs += reactionTimeMs;
        return new TrialTiming
        {
            Blank = blank, Fixation = fixation, Stimulus = stimulus, Mask = mask, ResponseOnsetMs = onset, ResponseMs = clockMs, ResponseDevice = "other",
            RefreshIntervalMs = FrameMs, Disturbances = [], DevicePixelRatio = 1, PictureCssPx = design.DisplaySizeCssPx, PictureDevicePx = design.DisplaySizeCssPx, LongestTaskMs = 0,
            WindowWidthCssPx = 1280, WindowHeightCssPx = 720, FullScreen = true, PointerHidden = true,
        };
    }

    private PhaseTiming Phase(int requestedMs)
    {
        var frames = (int)Math.Round(requestedMs / FrameMs);
        var onset = clockMs;
        clockMs += frames * FrameMs;
        return new PhaseTiming { RequestedMs = requestedMs, ShownMs = frames * FrameMs, Frames = frames, OnsetMs = onset, OffsetMs = clockMs };
    }
}
