using PerceptionStudy.Server.Participation;

namespace PerceptionStudy.Server.Analysis;

/// <summary>One session as the researchers' page shows it.</summary>
public sealed record SessionLine(
    Guid Id, int Version, int Number, SessionState State, DateTimeOffset StartedAt, DateTimeOffset LastSeenAt, string? CompletionCode)
{
    /// <summary>How long a browser may be quiet before its session counts as interrupted; it can still go on.</summary>
    public static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    public string Code => $"P{Number}";

    /// <summary>What the browser called itself.</summary>
    public string? UserAgent { get; init; }

    /// <summary>By which recruiter the person came; null for none.</summary>
    public string? Recruiter { get; init; }

    /// <summary>Whether the rules of the design were applied to the completed session.</summary>
    public bool Judged { get; init; }

    /// <summary>The rule of the design that leaves the completed session out; null for none.</summary>
    public ExclusionReason? ExcludedBecause { get; init; }

    public bool Interrupted(DateTimeOffset now) => State == SessionState.Active && now - LastSeenAt > Patience;

    /// <summary>One word for the state.</summary>
    public string Word(DateTimeOffset now) => State switch
    {
        SessionState.Completed => ExcludedBecause is { } reason ? $"done, {SessionExclusions.Word(reason).Replace('_', ' ')}" : "done",
        SessionState.Withdrawn => "withdrawn",
        SessionState.Left => "stopped",
        SessionState.FailedGate => "practice not passed",
        SessionState.FailedHeadphones => "no headphones",
        SessionState.ScreenedOut => "screened out",
        SessionState.Expired => "place given back",
        SessionState.Excluded => "left out",
        _ => Interrupted(now) ? "interrupted" : "in progress",
    };
}
