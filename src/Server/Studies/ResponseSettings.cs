using PerceptionStudy.Shared.Sessions;

namespace PerceptionStudy.Server.Studies;

/// <summary>How trials are answered.</summary>
public sealed record ResponseSettings
{
    /// <summary>Most tiles of a grid, and of a row; more categories need typed words.</summary>
    public const int MostInGrid = 16, MostInRow = 9;

    /// <summary>Most categories of a design whose trials draw their choices.</summary>
    public const int MostToDrawFrom = 64;

    /// <summary>Grid, row or typed word.</summary>
    public AnswerFormat Format { get; init; }

    /// <summary>
    /// Choices of each trial: the right one, and so many less one of the other categories as foils, drawn for that trial by the session's seed; the
    /// right one comes at each place equally often, within one. Null for all categories in every trial.
    /// </summary>
    public int? ChoicesPerTrial { get; init; }

    /// <summary>Whether tiles show the drawings of the categories.</summary>
    public bool Icons { get; init; } = true;

    /// <summary>Each participant gets the choices in an order of their own, which the session's seed decides; otherwise that of the categories.</summary>
    public bool OrderPerParticipant { get; init; }

    /// <summary>A key for each place (<c>KeyboardEvent.code</c>), in the order of the choices and "don't know" last; empty for the usual keys.</summary>
    public string[] Keys { get; init; } = [];

    /// <summary>Whether "I don't know" may be answered; it counts as not right.</summary>
    public bool DontKnow { get; init; }

    /// <summary>How long an answer may take, ms; null for as long as one likes.</summary>
    public int? TimeLimitMs { get; init; }

    /// <summary>Levels of a confidence rating after each answer, 2 to 9; null for none.</summary>
    public int? ConfidenceLevels { get; init; }

    /// <summary>For typed words: words besides the categories that complete as well, so that the list does not tell the categories.</summary>
    public string[] ExtraWords { get; init; } = [];
}
