namespace PerceptionStudy.Shared.Trials;

/// <summary>One answer on its way to the server.</summary>
public sealed record TrialResponse
{
    /// <summary>The trial that is answered.</summary>
    public required Guid TrialId { get; init; }

    /// <summary>One of the plan's choices.</summary>
    public required string Choice { get; init; }

    /// <summary>From the first frame of the response screen to the event's own time stamp, ms with the browser's full resolution.</summary>
    public double ReactionTimeMs { get; init; }

    /// <summary>What the presenter measured.</summary>
    public required TrialTiming Timing { get; init; }
}

/// <summary>The server's word that an answer is stored. The same answer sent again gets the same receipt.</summary>
public sealed record ResponseReceipt
{
    /// <summary>The trial whose answer is stored.</summary>
    public required Guid TrialId { get; init; }

    /// <summary>The choice that is stored: of two different answers to one trial, the first.</summary>
    public required string Choice { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Feedback of a practice trial: what would have been right. Null in the main part.</summary>
    public string? CorrectChoice { get; init; }
}
