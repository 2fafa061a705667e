using PerceptionStudy.Server.Participation;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Server.Tests.Participation;

public sealed class TimingVerdictTests
{
    private const double Frame = 1000.0 / 60;

    /// <summary>A trial that asks for 100 ms, six frames of 60 Hz.</summary>
    private static TrialTiming Trial(double shownFrames, double onsetLagMs = 1, double offsetLagMs = 1, double responseLagMs = 1, bool disturbed = false, double refreshMs = Frame)
    {
        var timing = Answers.Of(Guid.Empty, "cat").Timing;
        return timing with
        {
            Stimulus = new PhaseTiming
            {
                RequestedMs = 100, ShownMs = shownFrames * Frame, OnsetMs = 1800, OffsetMs = 1800 + shownFrames * Frame, OnsetLagMs = onsetLagMs, OffsetLagMs = offsetLagMs,
            },
            RefreshIntervalMs = refreshMs, ResponseOnsetLagMs = responseLagMs, Disturbed = disturbed,
        };
    }

    public static TheoryData<string, TrialTiming, TimingVerdict> Cases => new()
    {
        { "as asked", Trial(6), TimingVerdict.Exact },
        { "the clock's steps do not count", Trial(6.4), TimingVerdict.Exact },
        { "a frame too long", Trial(7), TimingVerdict.OffByOne },
        { "a frame too short", Trial(5), TimingVerdict.OffByOne },
        { "two frames too long", Trial(8), TimingVerdict.Bad },
        { "two frames too short", Trial(4), TimingVerdict.Bad },
        { "drawn too late for its onset: a frame less is seen", Trial(6, onsetLagMs: 20), TimingVerdict.OffByOne },
        { "drawn too late for its offset: a frame more is seen", Trial(6, offsetLagMs: 20), TimingVerdict.OffByOne },
        { "both frames late", Trial(6, onsetLagMs: 20, offsetLagMs: 20), TimingVerdict.OffByOne },
        { "drawn three frames late", Trial(6, offsetLagMs: 51), TimingVerdict.Bad },
        { "the response screen came late", Trial(6, responseLagMs: 17), TimingVerdict.OffByOne },
        { "out of focus", Trial(6, disturbed: true), TimingVerdict.Bad },
        { "no refresh interval", Trial(6, refreshMs: 0), TimingVerdict.Bad },
        { "a page that was hardly drawn", Trial(6, refreshMs: 120), TimingVerdict.Bad },
    };

    [Theory, MemberData(nameof(Cases))]
    public void The_worst_that_holds(string why, TrialTiming timing, TimingVerdict verdict) => Assert.True(verdict == TimingVerdicts.Of(timing), why);

    [Theory]
    [InlineData(0, 0)]
    [InlineData(4, 1)]
    [InlineData(16.7, 1)]
    [InlineData(24, 1)]
    [InlineData(26, 2)]
    [InlineData(300, 18)]
    public void Asks_for_the_nearest_number_of_frames(double requestedMs, double frames) => Assert.Equal(frames, TimingVerdicts.AskedFrames(requestedMs, Frame));
}
