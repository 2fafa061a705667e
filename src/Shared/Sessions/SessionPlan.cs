using PerceptionStudy.Shared.Trials;

namespace PerceptionStudy.Shared.Sessions;

/// <summary>Where a session stands.</summary>
public enum SessionProgress
{
    /// <summary>Answers are awaited.</summary>
    Active,

    /// <summary>Every planned answer is stored.</summary>
    Completed,

    /// <summary>Nothing arrived for so long that the place was given back; it may be gone on with if there is a free one.</summary>
    Expired,

    /// <summary>It has ended in another way.</summary>
    Ended,
}

/// <summary>All that a browser needs to run a session, or to go on with it after a reload.</summary>
public sealed record SessionPlan
{
    /// <summary>The session.</summary>
    public required Guid SessionId { get; init; }

    /// <summary>Whether it is still running.</summary>
    public SessionProgress Progress { get; init; }

    /// <summary>Title of the study.</summary>
    public required string Title { get; init; }

    /// <summary>What to read before the practice; paragraphs are separated by an empty line.</summary>
    public required string Instructions { get; init; }

    /// <summary>What can be answered, in the order of the response grid.</summary>
    public required string[] Choices { get; init; }

    /// <summary>Duration of each phase.</summary>
    public required PhaseDurations Durations { get; init; }

    /// <summary>Side of the picture, CSS pixels.</summary>
    public int PictureCssPx { get; init; }

    /// <summary>Whether the instructions are shown again to who comes back.</summary>
    public bool ShowInstructionsAgain { get; init; }

    /// <summary>Whether answers are deleted when somebody withdraws; otherwise they stay.</summary>
    public bool WithdrawalDeletes { get; init; }

    /// <summary>The trials in order, practice first.</summary>
    public required TrialPresentation[] Trials { get; init; }

    /// <summary>Trials whose answers are stored.</summary>
    public required Guid[] Answered { get; init; }
}

/// <summary>Whether a session is complete, and its code.</summary>
public sealed record SessionCompletion
{
    /// <summary>Planned answers that the server does not have yet.</summary>
    public int Missing { get; init; }

    /// <summary>The code that proves completion; null while an answer is missing.</summary>
    public string? Code { get; init; }
}

/// <summary>Why a request was refused, in one sentence for the participant.</summary>
/// <param name="Sentence">What happened and what to do.</param>
public sealed record Refusal(string Sentence);
