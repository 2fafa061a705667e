using PerceptionStudy.Server.Analysis;
using PerceptionStudy.Server.Analysis.Digests;
using PerceptionStudy.Server.Studies;

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
    public void A_rule_about_trials_that_there_are_none_of_is_not_broken()
    {
        var rules = new ExclusionRules { CatchCorrectAtLeast = 1, AnsweredAtLeast = 1, ExactTimingAtLeast = 1, MedianReactionTimeMsAtLeast = 1000 };
        Assert.Null(SessionExclusions.Of(rules, []));
    }

    private static TrialDigest Trial(short condition, short response, double reactionTimeMs, TimingVerdict verdict) =>
        new() { Condition = condition, Response = response, ReactionTimeMs = reactionTimeMs, Verdict = verdict };
}
