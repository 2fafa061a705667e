namespace PerceptionStudy.Shared.Trials;

/// <summary>How a trial ended.</summary>
public enum ResponseKind
{
    /// <summary>Something was chosen.</summary>
    Choice,

    /// <summary>"I don't know", where the study allows it.</summary>
    DontKnow,

    /// <summary>Time ran out, where the study sets a limit.</summary>
    TimedOut,

    /// <summary>The page went while the trial was on, where the study does not show such a trial again.</summary>
    Interrupted,
}

/// <summary>One answer on its way to the server.</summary>
public sealed record TrialResponse
{
    /// <summary>The trial that is answered.</summary>
    public required Guid TrialId { get; init; }

    /// <summary>How it ended.</summary>
    public ResponseKind Kind { get; init; }

    /// <summary>One of the plan's choices; null unless something was chosen.</summary>
    public string? Choice { get; init; }

    /// <summary>From the first frame of the response screen to the event's own time stamp, ms with the browser's full resolution; null if nobody answered.</summary>
    public double? ReactionTimeMs { get; init; }

    /// <summary>Confidence, from 1 (guessed) to the plan's number of levels; null where it was not asked.</summary>
    public int? Confidence { get; init; }

    /// <summary>From the first frame of the rating to its answer, ms; null where it was not asked.</summary>
    public double? ConfidenceTimeMs { get; init; }

    /// <summary>What the presenter measured.</summary>
    public required TrialTiming Timing { get; init; }

    /// <summary>Of a trial that was begun and will not be shown again. Its record of timing went with the page: all it says is that the trial was disturbed.</summary>
    public static TrialResponse OfInterrupted(Guid trialId) => new()
    {
        TrialId = trialId,
        Kind = ResponseKind.Interrupted,
        Timing = new TrialTiming
        {
            Blank = new(), Fixation = new(), Stimulus = new(), Mask = new(), ResponseDevice = "none", Disturbed = true, Disturbances = [new Disturbance("interrupted", 0)],
        },
    };
}

/// <summary>The server's word that an answer is stored. The same answer sent again gets the same receipt.</summary>
public sealed record ResponseReceipt
{
    /// <summary>The trial whose answer is stored.</summary>
    public required Guid TrialId { get; init; }

    /// <summary>The choice that is stored: of two different answers to one trial, the first. Null if nothing was chosen.</summary>
    public string? Choice { get; init; }

    /// <summary>When it was stored, UTC.</summary>
    public DateTimeOffset ReceivedAt { get; init; }

    /// <summary>Feedback of a practice trial: what would have been right. Null where the trial has none, and in the main part.</summary>
    public string? CorrectChoice { get; init; }
}
