using PerceptionStudy.Shared.Sessions;
using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Client.Session;

/// <summary>What comes before a trial.</summary>
public enum BeforeTrial
{
    Nothing,

    /// <summary>The practice goes on without feedback.</summary>
    ScoredPart,

    /// <summary>The practice is over: the main part begins.</summary>
    MainPart,

    /// <summary>Time to rest: after as many main trials as the plan says, or in the middle.</summary>
    Break,
}

/// <summary>The way through a session's trials: which comes next, and what before it. Answers that wait in the outbox count as given.</summary>
public sealed class SessionPath
{
    private readonly TrialPresentation[] trials;
    private readonly HashSet<Guid> answered;
    private readonly int mainTrials;
    private readonly int? breakEvery;
    private bool begun;
    private TrialPresentation? latest;

    /// <param name="plan">The plan.</param>
    /// <param name="waitingInOutbox">Trials whose answers the server does not have yet.</param>
    /// <param name="begun">Whether trials were presented on this page before.</param>
    public SessionPath(SessionPlan plan, IEnumerable<Guid> waitingInOutbox, bool begun = false)
    {
        this.begun = begun;
        breakEvery = plan.BreakEveryTrials;
        trials = plan.Trials;
        answered = [.. plan.Answered, .. waitingInOutbox];
        mainTrials = trials.Count(t => !t.IsPractice);
        Resumed = trials.Any(t => answered.Contains(t.TrialId));
    }

    /// <summary>Whether something was answered before this page was opened.</summary>
    public bool Resumed { get; }

    /// <summary>The next trial, or null when all are answered.</summary>
    public TrialPresentation? Next => trials.FirstOrDefault(t => !answered.Contains(t.TrialId));

    /// <summary>All trials that are not answered, in order.</summary>
    public IEnumerable<TrialPresentation> Remaining => trials.Where(t => !answered.Contains(t.TrialId));

    /// <summary>Share of the trials that are answered, 0 to 1.</summary>
    public double Done => trials.Length == 0 ? 1 : trials.Count(t => answered.Contains(t.TrialId)) / (double)trials.Length;

    public int PracticeTrials => trials.Length - mainTrials;

    /// <summary>Practice trials without feedback that are still to come.</summary>
    public int ScoredLeft => Remaining.Count(t => t is { IsPractice: true, WithFeedback: false });

    public int MainTrials => mainTrials;

    public int MainDone => trials.Count(t => !t.IsPractice && answered.Contains(t.TrialId));

    /// <summary>What to say before the next trial.</summary>
    public BeforeTrial Before()
    {
        if (Next is null || !begun) return BeforeTrial.Nothing;
        if (Next.IsPractice) return !Next.WithFeedback && latest is { WithFeedback: true } ? BeforeTrial.ScoredPart : BeforeTrial.Nothing;
        var done = MainDone;
        if (done == 0 && PracticeTrials > 0) return BeforeTrial.MainPart;
        var rest = breakEvery is { } every ? every > 0 && done > 0 && done % every == 0 : mainTrials >= 10 && done == (mainTrials + 1) / 2;
        return rest ? BeforeTrial.Break : BeforeTrial.Nothing;
    }

    /// <summary>The trial is answered.</summary>
    public void Answer(Guid trialId)
    {
        begun = true;
        latest = trials.First(t => t.TrialId == trialId);
        answered.Add(trialId);
    }
}
