namespace PerceptionStudy.Server.Studies;

/// <summary>The gate between practice and main part.</summary>
public sealed record PracticeSettings
{
    /// <summary>Proportion of the practice trials that has to be right to go on, 0 to 1; null for no gate.</summary>
    public double? RequiredProportion { get; init; }

    /// <summary>How often the practice may be done; after the last failure the session ends.</summary>
    public int Attempts { get; init; } = 1;
}
