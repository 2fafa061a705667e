using System.Buffers.Binary;
using System.Security.Cryptography;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>A sound of one channel.</summary>
/// <param name="RateHz">Sampling rate.</param>
/// <param name="Samples">Its values; full scale is −1 to 1.</param>
public sealed record Sound(int RateHz, float[] Samples) : Stimulus
{
    /// <summary>Its length in seconds.</summary>
    public double Seconds => (double)Samples.Length / RateHz;

    /// <summary>The root of its mean square, where a full-scale square wave has 1.</summary>
    public double Rms => Samples.Length == 0 ? 0 : Math.Sqrt(Samples.Sum(v => (double)v * v) / Samples.Length);

    /// <summary>Its largest magnitude.</summary>
    public double Peak => Samples.Length == 0 ? 0 : Samples.Max(Math.Abs);

    /// <summary>Its samples, [samples].</summary>
    public override float[] ToTensor() => [.. Samples];

    /// <inheritdoc/>
    public override string ContentSha256() => SamplesSha256();

    /// <inheritdoc/>
    public override void Write(string path) => WavFile.Write(this, path);

    /// <summary>Hash of rate and 16-bit samples, lower-case hexadecimal: the same for the same sound in another file format.</summary>
    public string SamplesSha256()
    {
        var bytes = new byte[4 + 2 * Samples.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, RateHz);
        for (var i = 0; i < Samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(4 + 2 * i), Rounded(Samples[i]));
        return Convert.ToHexStringLower(SHA256.HashData(bytes));
    }

    /// <summary>The nearest 16-bit value, cut to full scale.</summary>
    internal static short Rounded(float value) => (short)Math.Clamp(MathF.Round(value * 32768f), short.MinValue, short.MaxValue);
}
