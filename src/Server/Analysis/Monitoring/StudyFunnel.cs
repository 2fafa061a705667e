using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis.Monitoring;

/// <summary>How many people came how far, and where the others went.</summary>
/// <param name="Opened">Loads of the first page while the study was open: not people, for somebody may load it twice.</param>
/// <param name="Consented">Pressed the button.</param>
/// <param name="PassedChecks">Were neither screened out nor failed the gate, and answered a main trial.</param>
/// <param name="Finished">Every planned answer is stored.</param>
/// <param name="Counted">Of these, the ones that no rule and no researcher leaves out.</param>
public sealed record StudyFunnel(long Opened, int Consented, int PassedChecks, int Finished, int Counted)
{
    public int InProgress { get; init; }

    /// <summary>Began, and have been silent for a while; they can go on.</summary>
    public int Interrupted { get; init; }

    public int ScreenedOut { get; init; }
    public int FailedHeadphones { get; init; }
    public int FailedGate { get; init; }
    public int StoppedEarly { get; init; }
    public int Withdrawn { get; init; }
    public int TimedOut { get; init; }
    public int ExcludedByRule { get; init; }
    public int LeftOut { get; init; }

    public static StudyFunnel Of(long opened, IReadOnlyList<SessionLine> sessions, DateTimeOffset now)
    {
        int Count(SessionState state) => sessions.Count(s => s.State == state);
        var finished = sessions.Where(s => s.State is SessionState.Completed or SessionState.Excluded).ToList();
        return new StudyFunnel(
            opened, sessions.Count, sessions.Count(s => s.ReachedMain), finished.Count,
            finished.Count(s => s is { State: SessionState.Completed, ExcludedBecause: null }))
        {
            InProgress = sessions.Count(s => s.State == SessionState.Active && !s.Interrupted(now)),
            Interrupted = sessions.Count(s => s.Interrupted(now)),
            ScreenedOut = Count(SessionState.ScreenedOut),
            FailedHeadphones = Count(SessionState.FailedHeadphones),
            FailedGate = Count(SessionState.FailedGate),
            StoppedEarly = Count(SessionState.Left),
            Withdrawn = Count(SessionState.Withdrawn),
            TimedOut = Count(SessionState.Expired),
            ExcludedByRule = sessions.Count(s => s is { State: SessionState.Completed, ExcludedBecause: not null }),
            LeftOut = Count(SessionState.Excluded),
        };
    }
}
