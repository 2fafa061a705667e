using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;

namespace PerceptionStudy.Server.Tests.Studies;

public sealed class TrialPhasesTests
{
    [Fact]
    public void Phases_follow_each_other_and_what_lasts_nothing_is_left_out()
    {
        var draft = StudyTemplate.Draft(StudyWorld.Create().Material(), "A study", []) with { Durations = new() { BlankMs = 0, FixationMs = 300, StimulusMs = 200, MaskMs = 100 }, Response = new() { TimeLimitMs = 1500 } };
        Assert.Equal([new("fixation", "fixation", 0, 300), new("stimulus", "stimulus", 300, 200), new("mask", "mask", 500, 100), new("response", "response", 600, 1500)], TrialPhases.Of(draft));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(17)]
    [InlineData(24)]
    [InlineData(26)]
    [InlineData(200)]
    [InlineData(300)]
    public void Frames_are_those_that_the_verdict_asks_for(int ms) => Assert.Equal(TimingVerdicts.AskedFrames(ms, 1000.0 / 60), TrialPhases.FramesAt60Hz(ms));
}
