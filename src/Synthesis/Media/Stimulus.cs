namespace PerceptionStudy.Synthesis.Media;

/// <summary>What people and models are shown or played: a <see cref="Picture"/> or a <see cref="Sound"/>.</summary>
public abstract record Stimulus
{
    /// <summary>Its values as a tensor, in the order that a synthesis works on.</summary>
    public abstract float[] ToTensor();

    /// <summary>Hash of what it shows or plays, lower-case hexadecimal; it does not depend on the encoder.</summary>
    public abstract string ContentSha256();

    /// <summary>Writes the file that is kept, PNG or WAV; it appears whole or not at all.</summary>
    /// <param name="path">Where.</param>
    public abstract void Write(string path);
}
