using System.Text;

namespace PerceptionStudy.Synthesis.Tests.Media;

/// <summary>WAV files of any kind, right or wrong, byte by byte; independent of the program's own writer.</summary>
public sealed record Wav
{
    public int Tag { get; init; } = 1;
    public int Channels { get; init; } = 1;
    public uint RateHz { get; init; } = 20_000;
    public int Bits { get; init; } = 16;
    public bool Extensible { get; init; }

    /// <summary>What the header says of the size of the sound; null: the truth.</summary>
    public uint? Claimed { get; init; }

    public byte[] Bytes(byte[] data)
    {
        using var stream = new MemoryStream();
        using var writer = new BinaryWriter(stream);
        void Word(string word) => writer.Write(Encoding.ASCII.GetBytes(word));
        Word("RIFF");
        writer.Write(36 + data.Length);
        Word("WAVEfmt ");
        writer.Write(Extensible ? 40 : 16);
        writer.Write((ushort)(Extensible ? 0xFFFE : Tag));
        writer.Write((ushort)Channels);
        writer.Write(RateHz);
        writer.Write(RateHz * (uint)(Channels * Bits / 8));
        writer.Write((ushort)(Channels * Bits / 8));
        writer.Write((ushort)Bits);
        if (Extensible)
        {
            writer.Write((ushort)22);
            writer.Write((ushort)Bits);
            writer.Write(0);
            writer.Write((ushort)Tag);
            writer.Write([0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]);
        }
        Word("LIST");
        writer.Write(3); // Odd, so that a byte of padding follows.
        writer.Write([1, 2, 3, 0]);
        Word("data");
        writer.Write(Claimed ?? (uint)data.Length);
        writer.Write(data);
        return stream.ToArray();
    }

    public static byte[] Shorts(params short[] values) => [.. values.SelectMany(BitConverter.GetBytes)];

    public static byte[] Floats(params float[] values) => [.. values.SelectMany(BitConverter.GetBytes)];
}
