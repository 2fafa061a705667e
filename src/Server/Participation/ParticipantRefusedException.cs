using PerceptionStudy.Shared.Texts;

namespace PerceptionStudy.Server.Participation;

/// <summary>A participant's request that cannot be granted.</summary>
/// <param name="status">HTTP status of the refusal.</param>
/// <param name="sentence">What the participant reads; the message says it in English.</param>
public sealed class ParticipantRefusedException(int status, Func<ParticipantTexts, string> sentence) : Exception(sentence(ParticipantTexts.In("en", null)))
{
    public int Status { get; } = status;

    /// <summary>What the participant reads, in a language.</summary>
    public string In(ParticipantTexts texts) => sentence(texts);
}
