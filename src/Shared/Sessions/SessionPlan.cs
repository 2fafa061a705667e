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

    /// <summary>What to read before the practice: HTML that the server made of the researcher's Markdown, and cleaned.</summary>
    public required string Instructions { get; init; }

    /// <summary>What can be answered, in the order of the response screen; empty where each trial has choices of its own.</summary>
    public required string[] Choices { get; init; }

    /// <summary>Duration of each phase.</summary>
    public required PhaseDurations Durations { get; init; }

    /// <summary>How pictures are shown.</summary>
    public required DisplayPlan Display { get; init; }

    /// <summary>How sounds are played; null for a study of pictures.</summary>
    public SoundPlan? Sound { get; init; }

    /// <summary>How trials are answered.</summary>
    public required AnswerPlan Answers { get; init; }

    /// <summary>Whether the server judges the practice: after its last answer the plan has to be asked for again.</summary>
    public bool HasGate { get; init; }

    /// <summary>A break after every so many main trials; 0 for none, null for one in the middle of ten trials or more.</summary>
    public int? BreakEveryTrials { get; init; }

    /// <summary>Questions about the participant; null for none.</summary>
    public QuestionnairePlan? Questionnaire { get; init; }

    /// <summary>Language of the program's own texts; null for the browser's.</summary>
    public string? Language { get; init; }

    /// <summary>Whether the instructions are shown again to who comes back.</summary>
    public bool ShowInstructionsAgain { get; init; }

    /// <summary>Whether a main trial that was interrupted is shown again to who comes back; otherwise it stays without an answer.</summary>
    public bool ShowInterruptedAgain { get; init; } = true;

    /// <summary>Whether answers are deleted when somebody withdraws; otherwise they stay.</summary>
    public bool WithdrawalDeletes { get; init; }

    /// <summary>How many pictures to fetch ahead of their trials; null for as many as suit the browser.</summary>
    public int? PicturesAhead { get; init; }

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
