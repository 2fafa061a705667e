namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>Whose fault it is that a request failed, and so whether to try again.</summary>
public enum SynthesisFault
{
    /// <summary>The request's, its model's or its files': it would fail again.</summary>
    Request,

    /// <summary>The machine's, for example a full disk: the same request may succeed later.</summary>
    Machine,

    /// <summary>The synthesis host ended during the request. Once may be chance; a request that ends one host after another is at fault itself.</summary>
    HostEnded,
}

/// <summary>
/// Something that the person who asked can understand and put right: a bad file, a wrong name, a limit reached.
/// The message is one sentence that says what is wrong and, where it is not obvious, what to do.
/// </summary>
/// <param name="message">The sentence.</param>
/// <param name="cause">What lies behind it, for the log.</param>
public sealed class SynthesisException(string message, Exception? cause = null) : Exception(message, cause)
{
    /// <summary>Whose fault it is; by default the request's.</summary>
    public SynthesisFault Fault { get; init; }

    /// <summary>What the host printed last, for the log; empty where it said nothing or lives on.</summary>
    public string LastWords { get; init; } = "";
}
