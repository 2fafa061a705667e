namespace PerceptionStudy.Server.Studies;

/// <summary>What happens when somebody comes back to a session that was interrupted.</summary>
public sealed record ResumeSettings
{
    /// <summary>A session can be gone on with for so many hours after its last sign of life; null for as long as the study runs, 0 for never.</summary>
    public int? WithinHours { get; init; } = 24;

    /// <summary>Whether the instructions are shown again.</summary>
    public bool ShowInstructions { get; init; } = true;

    /// <summary>
    /// Whether the trial that was interrupted is shown again. If not, it is stored as not answered, because its stimulus has been seen.
    /// </summary>
    public bool RepeatInterruptedTrial { get; init; } = true;
}
