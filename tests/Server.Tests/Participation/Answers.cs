using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>Answers as a browser would send them.</summary>
public static class Answers
{
    public static TrialResponse Of(Guid trialId, string choice, double reactionTimeMs = 612.3) => new()
    {
        TrialId = trialId,
        Choice = choice,
        ReactionTimeMs = reactionTimeMs,
        Timing = new TrialTiming
        {
            Blank = Phase(500, 1000), Fixation = Phase(300, 1500), Stimulus = Phase(300, 1800), Mask = Phase(300, 2100),
            ResponseOnsetMs = 2400, ResponseMs = 2400 + reactionTimeMs, ResponseDevice = "key", RefreshIntervalMs = 16.667,
            Disturbances = [], DevicePixelRatio = 1, PictureCssPx = 224, WindowWidthCssPx = 1440, WindowHeightCssPx = 900,
        },
    };

    private static PhaseTiming Phase(double ms, double onset) =>
        new() { RequestedMs = ms, ShownMs = ms, Frames = (int)Math.Round(ms / 16.667), OnsetMs = onset, OffsetMs = onset + ms };
}
