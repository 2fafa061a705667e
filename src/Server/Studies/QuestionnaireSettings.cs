namespace PerceptionStudy.Server.Studies;

/// <summary>A page of questions about the participant; each may be left empty.</summary>
public sealed record QuestionnaireSettings
{
    /// <summary>Asked before the practice, or after the last trial.</summary>
    public bool Before { get; init; }

    /// <summary>Age in years.</summary>
    public bool Age { get; init; }

    /// <summary>Female, male, another, or rather not said.</summary>
    public bool Sex { get; init; }

    /// <summary>Normal or corrected vision, and what may be wrong with it.</summary>
    public bool Vision { get; init; }

    /// <summary>Anything else, in own words.</summary>
    public bool Comments { get; init; }
}
