using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class SoundTimingVerdictTests
{
    /// <summary>A sound of 2 s.</summary>
    private static TrialTiming Trial(double lateMs = 0, double longerMs = 0, bool disturbed = false, bool clockRan = true, int deviceChanges = 0) => Answers.Of(Guid.Empty, "cat").Timing with
    {
        Disturbed = disturbed,
        // Frames say nothing of a sound.
        RefreshIntervalMs = 0,
        Sound = new SoundTiming
        {
            ScheduledStartMs = 1000, StartMs = 1000 + lateMs, EndMs = 3000 + lateMs + longerMs, DurationMs = 2000, Samples = 40_000, RateHz = 20_000, ClockRateHz = 20_000,
            ClockRan = clockRan, DeviceChanges = deviceChanges,
        },
    };

    public static TheoryData<string, TrialTiming, TimingVerdict> Cases => new()
    {
        { "as asked", Trial(), TimingVerdict.Exact },
        { "the clocks' scatter does not count", Trial(-6, 9), TimingVerdict.Exact },
        { "late", Trial(11), TimingVerdict.OffByOne },
        { "early", Trial(-11), TimingVerdict.OffByOne },
        { "a gap in it", Trial(longerMs: 30), TimingVerdict.OffByOne },
        { "a piece is missing", Trial(longerMs: -30), TimingVerdict.OffByOne },
        { "far too late", Trial(50), TimingVerdict.Bad },
        { "it stood still in between", Trial(longerMs: 400), TimingVerdict.Bad },
        { "the page was hidden", Trial(disturbed: true), TimingVerdict.Bad },
        { "the clock stopped", Trial(clockRan: false), TimingVerdict.Bad },
        { "headphones were unplugged", Trial(deviceChanges: 1), TimingVerdict.Bad },
        { "no number", Trial(double.NaN), TimingVerdict.Bad },
    };

    [Theory, MemberData(nameof(Cases))]
    public void The_worst_that_holds(string why, TrialTiming timing, TimingVerdict verdict) => Assert.True(verdict == TimingVerdicts.Of(timing), why);
}
