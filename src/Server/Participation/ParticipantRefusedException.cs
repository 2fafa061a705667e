namespace PerceptionStudy.Server.Participation;

/// <summary>A participant's request that cannot be granted. The message is the sentence that the participant reads.</summary>
public sealed class ParticipantRefusedException(int status, string sentence) : Exception(sentence)
{
    /// <summary>HTTP status of the refusal.</summary>
    public int Status { get; } = status;
}
