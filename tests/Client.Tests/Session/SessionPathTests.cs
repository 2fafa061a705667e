using PerceptionStudy.Client.Session;
using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Tests.Session;

public sealed class SessionPathTests
{
    private static SessionPlan Plan(int practice, int main, int[]? answered = null, int? breakEvery = null, int scored = 0)
    {
        var trials = Enumerable.Range(0, practice + main)
            .Select(n => new TrialPresentation { TrialId = new Guid(n, 0, 0, new byte[8]), IsPractice = n < practice, WithFeedback = n < practice - scored, StimulusAddress = $"{n}" }).ToArray();
        return new SessionPlan
        {
            SessionId = Guid.Empty, Title = "", Instructions = "", Choices = [], Durations = new(), Display = new(), Answers = new(), BreakEveryTrials = breakEvery,
            Trials = trials, Answered = [.. (answered ?? []).Select(n => trials[n].TrialId)],
        };
    }

    private static List<BeforeTrial> Walk(SessionPath path)
    {
        var met = new List<BeforeTrial>();
        while (path.Next is { } trial)
        {
            met.Add(path.Before());
            path.Answer(trial.TrialId);
        }
        return met;
    }

    [Fact]
    public void Says_when_the_practice_is_over_and_when_half_is_done()
    {
        var met = Walk(new SessionPath(Plan(2, 11), []));
        Assert.Equal(13, met.Count);
        Assert.Equal([(2, BeforeTrial.MainPart), (8, BeforeTrial.Break)], met.Index().Where(m => m.Item != BeforeTrial.Nothing));
    }

    [Fact]
    public void Says_when_the_practice_goes_on_without_feedback()
    {
        var path = new SessionPath(Plan(5, 3, scored: 2), []);
        Assert.Equal(2, path.ScoredLeft);
        Assert.Equal([(3, BeforeTrial.ScoredPart), (5, BeforeTrial.MainPart)], Walk(path).Index().Where(m => m.Item != BeforeTrial.Nothing));
        Assert.DoesNotContain(BeforeTrial.ScoredPart, Walk(new SessionPath(Plan(2, 3, scored: 2), [])));
    }

    [Fact]
    public void A_short_main_part_has_no_break() => Assert.DoesNotContain(BeforeTrial.Break, Walk(new SessionPath(Plan(0, 9), [])));

    [Fact]
    public void Breaks_come_as_often_as_the_plan_says()
    {
        Assert.Equal([4, 8], Walk(new SessionPath(Plan(0, 12, breakEvery: 4), [])).Index().Where(m => m.Item == BeforeTrial.Break).Select(m => m.Index));
        Assert.DoesNotContain(BeforeTrial.Break, Walk(new SessionPath(Plan(0, 40, breakEvery: 0), [])));
    }

    [Fact]
    public void What_waits_in_the_outbox_is_not_asked_again()
    {
        var plan = Plan(1, 4, answered: [0, 1]);
        var path = new SessionPath(plan, [plan.Trials[2].TrialId]);
        Assert.True(path.Resumed);
        Assert.Equal(0.6, path.Done, 12);
        Assert.Equal([plan.Trials[3], plan.Trials[4]], path.Remaining);
    }

    [Fact]
    public void A_hole_in_the_middle_is_filled_first()
    {
        var plan = Plan(0, 4, answered: [0, 2, 3]);
        Assert.Equal(plan.Trials[1], new SessionPath(plan, []).Next);
    }

    [Fact]
    public void A_run_that_goes_on_at_the_main_part_hears_nothing_twice()
    {
        var path = new SessionPath(Plan(2, 10, answered: [0, 1]), []);
        Assert.Equal(BeforeTrial.Nothing, path.Before());
    }
}
