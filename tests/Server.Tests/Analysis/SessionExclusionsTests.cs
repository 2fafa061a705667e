using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Participation;
using PerceptionStudy.Server.Studies;
using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Tests.Analysis;

public sealed class SessionExclusionsTests
{
    // Eight main trials, six answered, median 500 ms; four catch trials, three of them right; nine of the twelve timed exactly.
    private static readonly TrialDigest[] Session =
    [
        .. Enumerable.Range(0, 8).Select(n => Trial(condition: 1, response: n < 6 ? (short)0 : (short)-1, n < 6 ? 250 + 100 * n : double.NaN, n < 2 ? TimingVerdict.Exact + 1 : TimingVerdict.Exact)),
        .. Enumerable.Range(0, 4).Select(n => Trial(condition: -1, response: n < 3 ? (short)0 : (short)1, 100, n == 0 ? TimingVerdict.Exact + 1 : TimingVerdict.Exact)),
    ];

    [Fact]
    public void Each_rule_leaves_out_just_below_its_level()
    {
        Assert.Null(SessionExclusions.Of(new ExclusionRules(), Session));
        (ExclusionRules Kept, ExclusionRules LeftOut, ExclusionReason Reason)[] cases =
        [
            (new() { CatchCorrectAtLeast = .75 }, new() { CatchCorrectAtLeast = .76 }, ExclusionReason.CatchTrials),
            (new() { AnsweredAtLeast = .75 }, new() { AnsweredAtLeast = .76 }, ExclusionReason.Unanswered),
            (new() { ExactTimingAtLeast = .75 }, new() { ExactTimingAtLeast = .76 }, ExclusionReason.Timing),
            (new() { MedianReactionTimeMsAtLeast = 500 }, new() { MedianReactionTimeMsAtLeast = 501 }, ExclusionReason.TooFast),
        ];
        foreach (var (kept, leftOut, reason) in cases)
        {
            Assert.Null(SessionExclusions.Of(kept, Session));
            Assert.Equal(reason, SessionExclusions.Of(leftOut, Session));
            Assert.Equal(reason, SessionExclusions.Parse(SessionExclusions.Word(reason)));
        }
    }

    [Fact]
    public void Rules_about_the_rest_leave_out_just_below_their_level()
    {
        var facts = new SessionFacts(PracticeCorrect: .5, IsRepeat: true, VisionAnswer.Impaired, AgeYears: 20);
        // One of the six answered main trials took 250 ms, none less than 200; two were touched.
        TrialDigest[] touched = [.. Session.Select((t, n) => t with { Touch = n < 2 })];
        (ExclusionRules Kept, ExclusionRules LeftOut, ExclusionReason Reason)[] cases =
        [
            (new() { PracticeCorrectAtLeast = .5 }, new() { PracticeCorrectAtLeast = .51 }, ExclusionReason.Practice),
            (new() { AgeAtLeast = 20 }, new() { AgeAtLeast = 21 }, ExclusionReason.SelfReport),
            (new(), new() { NoImpairedVision = true }, ExclusionReason.SelfReport),
            (new(), new() { NoRepeats = true }, ExclusionReason.Duplicate),
        ];
        foreach (var (kept, leftOut, reason) in cases)
        {
            Assert.Null(SessionExclusions.Of(kept, touched, facts));
            Assert.Equal(reason, SessionExclusions.Of(leftOut, touched, facts));
            // What is not known is not broken.
            Assert.Null(SessionExclusions.Of(leftOut, touched, new SessionFacts(null, false, null, null)));
            Assert.Null(SessionExclusions.Of(leftOut, touched));
            Assert.Equal(reason, SessionExclusions.Parse(SessionExclusions.Word(reason)));
        }
        Assert.Null(SessionExclusions.Of(new() { NoTouch = true }, touched));
        Assert.Equal(ExclusionReason.Device, SessionExclusions.Of(new() { NoTouch = true }, [.. Session.Select((t, n) => t with { Touch = n < 4 })]));
        Assert.Null(SessionExclusions.Of(new() { HastyAtMost = 0 }, Session));
        TrialDigest[] hasty = [.. Session.Select((t, n) => n == 0 ? t with { ReactionTimeMs = 199 } : t)];
        Assert.Null(SessionExclusions.Of(new() { HastyAtMost = .17 }, hasty));
        Assert.Equal(ExclusionReason.Hasty, SessionExclusions.Of(new() { HastyAtMost = .16 }, hasty));
    }

    [Fact]
    public void A_trial_that_was_repeated_counts_once_by_its_repetition()
    {
        // Four trials, two of them with bad timing and no answer; these are shown once more, exactly, and answered.
        TrialDigest[] session =
        [
            Trial(1, 0, 500, TimingVerdict.Exact), Trial(1, 0, 500, TimingVerdict.Exact),
            Trial(1, -1, double.NaN, TimingVerdict.Bad) with { Repeated = true }, Trial(1, 0, 100, TimingVerdict.Bad) with { Repeated = true },
            Trial(1, 0, 500, TimingVerdict.Exact), Trial(1, 0, 500, TimingVerdict.Exact),
        ];
        Assert.Null(SessionExclusions.Of(new() { ExactTimingAtLeast = 1, AnsweredAtLeast = 1, HastyAtMost = 0, MedianReactionTimeMsAtLeast = 500 }, session));
    }

    [Fact]
    public void A_rule_about_trials_that_there_are_none_of_is_not_broken()
    {
        var rules = new ExclusionRules { CatchCorrectAtLeast = 1, AnsweredAtLeast = 1, ExactTimingAtLeast = 1, MedianReactionTimeMsAtLeast = 1000 };
        Assert.Null(SessionExclusions.Of(rules, []));
    }

    private static TrialDigest Trial(short condition, short response, double reactionTimeMs, TimingVerdict verdict) =>
        new() { Condition = condition, Response = response, ReactionTimeMs = reactionTimeMs, Verdict = verdict };
}
