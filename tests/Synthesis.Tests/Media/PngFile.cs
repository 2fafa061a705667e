using System.Buffers.Binary;
using System.IO.Compression;
using System.Text;

namespace PerceptionStudy.Synthesis.Tests.Media;

/// <summary>PNG files of every kind, written chunk by chunk.</summary>
internal static class PngFile
{
    /// <param name="width">Width that the header claims.</param>
    /// <param name="height">Height that the header claims.</param>
    /// <param name="bits">Bits of a sample.</param>
    /// <param name="colour">PNG's colour type: 0 grey, 2 RGB, 3 palette, 6 RGBA.</param>
    /// <param name="rows">The rows, each after its filter byte.</param>
    /// <param name="chunks">Further chunks before the data.</param>
    public static byte[] Write(int width, int height, byte bits, byte colour, byte[] rows, params (string Kind, byte[] Data)[] chunks)
    {
        using var packed = new MemoryStream();
        using (var zip = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true))
            zip.Write(rows);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, width);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), height);
        (header[8], header[9]) = (bits, colour);
        return [0x89, .. "PNG"u8, 13, 10, 26, 10, .. Chunk("IHDR", header), .. chunks.SelectMany(c => Chunk(c.Kind, c.Data)), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string kind, byte[] data)
    {
        byte[] body = [.. Encoding.ASCII.GetBytes(kind), .. data];
        var (length, sum) = (new byte[4], new byte[4]);
        BinaryPrimitives.WriteInt32BigEndian(length, data.Length);
        BinaryPrimitives.WriteUInt32BigEndian(sum, Crc32(body));
        return [.. length, .. body, .. sum];
    }

    private static uint Crc32(byte[] bytes)
    {
        var crc = uint.MaxValue;
        foreach (var b in bytes)
        {
            crc ^= b;
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
