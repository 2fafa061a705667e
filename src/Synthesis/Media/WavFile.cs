using System.Buffers.Binary;
using System.Runtime.InteropServices;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>WAV files: reads whole numbers of 8 to 32 bits and floating point, any channels, with or without the extensible header; writes 16 bits, one channel.</summary>
public static class WavFile
{
    /// <summary>Lowest and highest sampling rate that is read, in Hz.</summary>
    public const int LowestRateHz = 4000, HighestRateHz = 384_000;

    /// <summary>Most channels that are read.</summary>
    public const int MostChannels = 8;

    private const int Pcm = 1, Floating = 3, Extensible = 0xFFFE;

    /// <summary>Whether a file begins as a WAV file does.</summary>
    public static bool Begins(ReadOnlySpan<byte> file) => file.Length >= 12 && file.StartsWith("RIFF"u8) && file[8..12].SequenceEqual("WAVE"u8);

    /// <summary>Reads a file; several channels are averaged.</summary>
    /// <param name="file">The whole file.</param>
    /// <param name="name">Its name, for messages.</param>
    /// <exception cref="SynthesisException">It is damaged, cut off, empty, or out of range.</exception>
    public static Sound Read(ReadOnlySpan<byte> file, string name)
    {
        Format? format = null;
        for (var rest = Begins(file) ? file[12..] : throw Unreadable(name, "it does not begin as a WAV file does"); rest.Length >= 8;)
        {
            var kind = rest[..4];
            var size = BinaryPrimitives.ReadUInt32LittleEndian(rest[4..]);
            rest = rest[8..];
            if (kind.SequenceEqual("data"u8))
            {
                var known = format ?? throw Unreadable(name, "its sound comes before the description of it");
                if (size > rest.Length)
                    throw Unreadable(name, $"its header speaks of {size:N0} bytes of sound, but {rest.Length:N0} follow; the file is cut off or its header is wrong");
                return Decode(rest[..(int)size], known, name);
            }
            if (size > rest.Length)
                throw Unreadable(name, "the file is cut off");
            if (kind.SequenceEqual("fmt "u8))
                format = Described(rest[..(int)size], name);
            rest = rest[(int)Math.Min(rest.Length, size + size % 2)..];
        }
        throw Unreadable(name, format is null ? "it does not say what its sound is like" : "it holds no sound");
    }

    /// <summary>Writes 16 bits, one channel. The file appears whole or not at all.</summary>
    /// <param name="sound">The sound; values outside −1 to 1 are cut, so bring its level down first.</param>
    /// <param name="path">Where.</param>
    public static void Write(Sound sound, string path) => WholeFile.Write(path, Encode(sound));

    /// <summary>The bytes of such a file: a header of 44, then the samples.</summary>
    public static byte[] Encode(Sound sound)
    {
        ArgumentNullException.ThrowIfNull(sound);
        var bytes = new byte[44 + 2 * sound.Samples.Length];
        "RIFF"u8.CopyTo(bytes);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(4), bytes.Length - 8);
        "WAVEfmt "u8.CopyTo(bytes.AsSpan(8));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(16), 16);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(20), Pcm);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(22), 1);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(24), sound.RateHz);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(28), 2 * sound.RateHz);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(32), 2);
        BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(34), 16);
        "data"u8.CopyTo(bytes.AsSpan(36));
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(40), 2 * sound.Samples.Length);
        for (var i = 0; i < sound.Samples.Length; i++)
            BinaryPrimitives.WriteInt16LittleEndian(bytes.AsSpan(44 + 2 * i), Sound.Rounded(sound.Samples[i]));
        return bytes;
    }

    private static Format Described(ReadOnlySpan<byte> chunk, string name)
    {
        if (chunk.Length < 16)
            throw Unreadable(name, "its header is damaged");
        int tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk), channels = BinaryPrimitives.ReadUInt16LittleEndian(chunk[2..]), bits = BinaryPrimitives.ReadUInt16LittleEndian(chunk[14..]);
        var rate = BinaryPrimitives.ReadUInt32LittleEndian(chunk[4..]);
        var block = BinaryPrimitives.ReadUInt16LittleEndian(chunk[12..]);
        if (tag == Extensible && chunk.Length >= 26)
            tag = BinaryPrimitives.ReadUInt16LittleEndian(chunk[24..]); // The sub-format's identifier begins with the plain one.
        if (rate is < LowestRateHz or > HighestRateHz)
            throw Unreadable(name, $"its sampling rate is {rate:N0} Hz; {LowestRateHz:N0} to {HighestRateHz:N0} can be used");
        if (channels is < 1 or > MostChannels)
            throw Unreadable(name, $"it has {channels} channels; 1 to {MostChannels} can be used, so mix it down first");
        if ((tag, bits) is not ((Pcm, 8 or 16 or 24 or 32) or (Floating, 32 or 64)))
            throw Unreadable(name, $"its samples are of kind {tag} with {bits} bits; save it as 16-, 24- or 32-bit PCM or 32-bit float");
        if (block != channels * bits / 8)
            throw Unreadable(name, "its header contradicts itself");
        return new(tag == Floating, channels, (int)rate, bits / 8);
    }

    private static Sound Decode(ReadOnlySpan<byte> data, Format format, string name)
    {
        var block = format.Channels * format.Bytes;
        if (data.Length == 0)
            throw Unreadable(name, "it holds no sound");
        if (data.Length % block != 0)
            throw Unreadable(name, "its last sample is cut off");
        var count = data.Length / block;
        if (count > SoundFile.MostSeconds * (long)format.RateHz)
            throw Unreadable(name, $"it lasts longer than the {SoundFile.MostSeconds / 60} minutes that can be opened");
        var samples = new float[count];
        for (var i = 0; i < count; i++)
        {
            double sum = 0;
            for (var channel = 0; channel < format.Channels; channel++)
                sum += Value(data.Slice(i * block + channel * format.Bytes, format.Bytes), format.Float);
            if (!float.IsFinite(samples[i] = (float)(sum / format.Channels)))
                throw Unreadable(name, $"sample {i + 1:N0} is not a finite number");
        }
        return new(format.RateHz, samples);
    }

    private static double Value(ReadOnlySpan<byte> bytes, bool isFloat) => (bytes.Length, isFloat) switch
    {
        (1, _) => (bytes[0] - 128) / 128.0,
        (2, _) => BinaryPrimitives.ReadInt16LittleEndian(bytes) / 32768.0,
        (3, _) => (bytes[0] | bytes[1] << 8 | (sbyte)bytes[2] << 16) / 8388608.0,
        (4, false) => BinaryPrimitives.ReadInt32LittleEndian(bytes) / 2147483648.0,
        (4, true) => BinaryPrimitives.ReadSingleLittleEndian(bytes),
        _ => BinaryPrimitives.ReadDoubleLittleEndian(bytes),
    };

    private static SynthesisException Unreadable(string name, string why) => SoundFile.Unreadable(name, why);

    [StructLayout(LayoutKind.Auto)]
    private readonly record struct Format(bool Float, int Channels, int RateHz, int Bytes);
}
