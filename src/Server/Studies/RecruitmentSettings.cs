namespace PerceptionStudy.Server.Studies;

/// <summary>Who may begin, and how long a place waits for somebody who has begun.</summary>
public sealed record RecruitmentSettings
{
    /// <summary>Name of the link's parameter that holds the participant's id; null where the recruiter is one of those that are recognised by themselves.</summary>
    public string? IdParameter { get; init; }

    /// <summary>Whether nobody can begin without a recruiter's id in the link.</summary>
    public bool OnlyWithId { get; init; }

    /// <summary>Whether the same id may take part more than once.</summary>
    public bool AllowRepeats { get; init; }

    /// <summary>A place is given back when nothing has arrived for so many minutes; null for never.</summary>
    public int? PlaceExpiresAfterMinutes { get; init; } = 120;

    /// <summary>Statements that must be true of a participant. They are asked for with the consent; who says no to one is screened out.</summary>
    public string[] Screening { get; init; } = [];

    /// <summary>Sessions that have been silent since before this moment give their place back; null where places never expire.</summary>
    public DateTimeOffset? SilentSince(DateTimeOffset now) => PlaceExpiresAfterMinutes is { } minutes ? now.AddMinutes(-minutes) : null;
}
