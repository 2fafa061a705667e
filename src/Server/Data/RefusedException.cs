namespace PerceptionStudy.Server.Data;

/// <summary>Something that a person asked for cannot be done; the message is a sentence for that person.</summary>
public sealed class RefusedException(string message, Exception? cause = null) : Exception(message, cause);
