using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis;

/// <summary>One session as the researchers' page shows it.</summary>
public sealed record SessionLine(
    int Version, int Number, SessionState State, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, int Answered, int Planned, string? CompletionCode)
{
    /// <summary>How long a browser may be quiet before its session counts as interrupted; it can still go on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Code => $"P{Number}";

    public bool Interrupted(DateTimeOffset now) => State == SessionState.Active && now - LastSeenAt > Patience;

    /// <summary>One word for the state.</summary>
    public string Word(DateTimeOffset now) => State switch
    {
        SessionState.Completed => "done",
        SessionState.Withdrawn => "withdrawn",
        SessionState.Left => "stopped",
        SessionState.FailedGate => "practice not passed",
        SessionState.ScreenedOut => "screened out",
        SessionState.Expired => "place given back",
        SessionState.Excluded => "left out",
        _ => Interrupted(now) ? "interrupted" : "in progress",
    };
}
