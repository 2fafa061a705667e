namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// Something that the person who asked can understand and put right: a bad file, a wrong name, a limit reached.
/// The message is one sentence that says what is wrong and, where it is not obvious, what to do.
/// </summary>
/// <param name="message">The sentence.</param>
/// <param name="cause">What lies behind it, for the log.</param>
public sealed class SynthesisException(string message, Exception? cause = null) : Exception(message, cause);
