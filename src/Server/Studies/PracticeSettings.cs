namespace PerceptionStudy.Server.Studies;

/// <summary>The practice, and the gate between it and the main part.</summary>
public sealed record PracticeSettings
{
    /// <summary>So many of the practice trials, the last ones, come without feedback, and they alone count for the gate; 0: all have feedback, and all count.</summary>
    public int ScoredTrials { get; init; }

    /// <summary>Proportion of the practice trials that count which has to be right to go on, 0 to 1; null for no gate.</summary>
    public double? RequiredProportion { get; init; }

    /// <summary>How often the practice may be done; after the last failure the session ends.</summary>
    public int Attempts { get; init; } = 1;
}
