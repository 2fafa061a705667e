namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>A model file cannot be used. The message is one clear sentence that says why and what to do.</summary>
public sealed class ModelFormatException : Exception
{
    /// <summary>Makes the exception.</summary>
    /// <param name="message">One sentence for the researcher.</param>
    /// <param name="inner">What went wrong below, if anything.</param>
    public ModelFormatException(string message, Exception? inner = null) : base(message, inner)
    {
    }
}
