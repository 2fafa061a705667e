namespace PerceptionStudy.Shared.Trials;

/// <summary>One trial as the browser may know it: what to fetch and how long to show it. What is shown stays on the server.</summary>
public sealed record TrialPresentation
{
    /// <summary>The key under which the response is stored once.</summary>
    public required Guid TrialId { get; init; }

    /// <summary>Whether it is a practice trial.</summary>
    public bool IsPractice { get; init; }

    /// <summary>Whether its receipt says what was right; never in the main part.</summary>
    public bool WithFeedback { get; init; }

    /// <summary>Address of the picture or sound, relative to the site; random for every trial.</summary>
    public required string StimulusAddress { get; init; }

    /// <summary>Seed of the noise mask that the browser draws.</summary>
    public int MaskSeed { get; init; }

    /// <summary>What can be answered in this trial, in the order of the response screen; null for the plan's choices.</summary>
    public string[]? Choices { get; init; }
}

/// <summary>How long each phase is asked to last, in ms; 0 leaves the phase out. Same for all trials of a session.</summary>
public sealed record PhaseDurations
{
    /// <summary>Empty grey before the fixation cross, ms.</summary>
    public int BlankMs { get; init; }

    /// <summary>Fixation cross, ms.</summary>
    public int FixationMs { get; init; }

    /// <summary>The picture, ms; a sound lasts as long as its file.</summary>
    public int StimulusMs { get; init; }

    /// <summary>Noise mask, ms.</summary>
    public int MaskMs { get; init; }
}
