using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>In which order the main trials come.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<TrialOrder>))]
public enum TrialOrder
{
    /// <summary>All mixed.</summary>
    Random,

    /// <summary>The trials of a generating model in one block, the natural ones in a block of their own; blocks, and trials within them, at random.</summary>
    BlockedByModel,
}

/// <summary>What a participant meets where the metamer of the drawn condition is not accepted.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<MissingMetamer>))]
public enum MissingMetamer
{
    /// <summary>The natural stimulus; the trial is marked as swapped.</summary>
    ShowNatural,

    /// <summary>Nothing: such a pair is never drawn, and a session is shorter where no other pair is left.</summary>
    LeaveOut,
}

/// <summary>How trials are drawn and ordered, beyond the balance that always holds.</summary>
public sealed record AssignmentSettings
{
    public TrialOrder Order { get; init; }

    /// <summary>At most so many trials with the same right category in a row, from 1; null for no rule.</summary>
    public int? MostOfACategoryInARow { get; init; }

    public MissingMetamer MissingMetamer { get; init; }
}
