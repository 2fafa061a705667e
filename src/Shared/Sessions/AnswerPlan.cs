using System.Text.Json.Serialization;

namespace PerceptionStudy.Shared.Sessions;

/// <summary>What an answer looks like.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<AnswerFormat>))]
public enum AnswerFormat
{
    /// <summary>Tiles in rows and columns.</summary>
    Grid,

    /// <summary>Tiles side by side; two of them are the two-alternative forced choice.</summary>
    Row,

    /// <summary>A word is typed, and completed to one of the choices.</summary>
    Word,
}

/// <summary>How trials are answered.</summary>
public sealed record AnswerPlan
{
    /// <summary>What an answer looks like.</summary>
    public AnswerFormat Format { get; init; }

    /// <summary>Whether tiles show drawings where there are some.</summary>
    public bool Icons { get; init; } = true;

    /// <summary>A key for each choice by its place on the keyboard (<c>KeyboardEvent.code</c>), and one more for "don't know" if that is allowed; null for the usual ones.</summary>
    public string[]? Keys { get; init; }

    /// <summary>Whether "I don't know" is an answer.</summary>
    public bool DontKnow { get; init; }

    /// <summary>How long an answer may take, ms; null for as long as one likes.</summary>
    public int? TimeLimitMs { get; init; }

    /// <summary>Levels of the confidence rating after each answer, 2 to 9; null for none.</summary>
    public int? ConfidenceLevels { get; init; }
}
