namespace PerceptionStudy.Shared.Sessions;

/// <summary>Which questions about themselves participants are asked, and when.</summary>
public sealed record QuestionnairePlan
{
    /// <summary>Before the practice; otherwise after the last trial.</summary>
    public bool Before { get; init; }

    /// <summary>Age in years.</summary>
    public bool Age { get; init; }

    /// <summary>Sex.</summary>
    public bool Sex { get; init; }

    /// <summary>Vision.</summary>
    public bool Vision { get; init; }

    /// <summary>Anything else.</summary>
    public bool Comments { get; init; }

    /// <summary>Whether the answers are stored already.</summary>
    public bool Answered { get; init; }
}

/// <summary>A participant's sex.</summary>
public enum SexAnswer
{
    /// <summary>Female.</summary>
    Female,

    /// <summary>Male.</summary>
    Male,

    /// <summary>Another.</summary>
    Another,
}

/// <summary>A participant's vision.</summary>
public enum VisionAnswer
{
    /// <summary>Normal without glasses or lenses.</summary>
    Normal,

    /// <summary>Normal with the glasses or lenses that are worn.</summary>
    WithGlasses,

    /// <summary>Not good at the moment.</summary>
    Impaired,

    /// <summary>Some colours are seen differently.</summary>
    ColourDeficient,
}

/// <summary>What a participant said about themselves; null for what was not asked or not said.</summary>
public sealed record QuestionnaireAnswers
{
    /// <summary>Highest age that is taken, years.</summary>
    public const int OldestYears = 120;

    /// <summary>Longest comment, characters.</summary>
    public const int LongestComment = 2000;

    /// <summary>Age in years, 1 to 120.</summary>
    public int? AgeYears { get; init; }

    /// <summary>Sex.</summary>
    public SexAnswer? Sex { get; init; }

    /// <summary>Vision.</summary>
    public VisionAnswer? Vision { get; init; }

    /// <summary>Anything else, at most 2,000 characters.</summary>
    public string? Comments { get; init; }
}

/// <summary>The server's word that the answers are stored; of two different ones, the first.</summary>
/// <param name="ReceivedAt">When they were stored, UTC.</param>
public sealed record QuestionnaireReceipt(DateTimeOffset ReceivedAt);
