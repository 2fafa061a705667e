using System.Text.Json.Serialization;

namespace PerceptionStudy.Server.Studies;

/// <summary>What becomes of the answers of somebody who withdraws. The first page says it below the consent text.</summary>
[JsonConverter(typeof(JsonStringEnumConverter<WithdrawalPolicy>))]
public enum WithdrawalPolicy
{
    /// <summary>They are deleted.</summary>
    Delete,

    /// <summary>They stay, but whatever ties them to the person is deleted.</summary>
    Keep,
}
