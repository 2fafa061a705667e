namespace PerceptionStudy.Server.Data;

/// <summary>Why something is refused, as far as a program has to tell it apart.</summary>
public enum Refusal
{
    /// <summary>It cannot be done so; the sentence says what to change.</summary>
    Invalid,

    /// <summary>It is not there (any more).</summary>
    Missing,

    /// <summary>Whoever asks has not the right.</summary>
    NotAllowed,

    /// <summary>Somebody else has changed it meanwhile.</summary>
    Conflict,
}

/// <summary>Something that a person asked for cannot be done; the message is a sentence for that person.</summary>
public class RefusedException(string message, Exception? cause = null, Refusal kind = Refusal.Invalid) : Exception(message, cause)
{
    public RefusedException(string message, Refusal kind) : this(message, null, kind)
    {
    }

    public Refusal Kind { get; } = kind;

    /// <summary>Each reason by itself, where there are several.</summary>
    public virtual IReadOnlyList<string> Sentences => [Message];
}
