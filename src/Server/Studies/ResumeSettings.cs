namespace PerceptionStudy.Server.Studies;

/// <summary>What happens when somebody comes back to a session that was interrupted.</summary>
public sealed record ResumeSettings
{
    /// <summary>A session can be gone on with for so many hours after its last sign of life; null for as long as the study runs, 0 for never.</summary>
    public int? WithinHours { get; init; } = 24;

    /// <summary>Whether the instructions are shown again.</summary>
    public bool ShowInstructions { get; init; } = true;

    /// <summary>
    /// Whether the main trial during which the page went is shown again. Its picture may have been seen by then; otherwise the trial is stored as
    /// interrupted and enters no proportion. Practice trials are always shown again.
    /// </summary>
    public bool RepeatInterrupted { get; init; } = true;
}
