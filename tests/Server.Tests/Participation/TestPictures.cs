using System.Buffers.Binary;
using System.IO.Compression;

namespace PerceptionStudy.Server.Tests.Participation;

/// <summary>Small PNG files made from a number: a disc of some colour on a ground of another.</summary>
public static class TestPictures
{
    public static byte[] Png(int number, int side = 96) => Png(side, (x, y) =>
    {
        var inside = Math.Pow(x - side / 2.0, 2) + Math.Pow(y - side / 2.0, 2) < Math.Pow(side * (0.25 + number % 5 * 0.05), 2);
        var hue = unchecked(number * 40503 + (inside ? 0 : 21111));
        return [60 + hue % 140, 60 + hue / 7 % 140 + y / 4, 60 + hue / 31 % 140];
    });

    /// <summary>A square picture from red, green and blue of each pixel, 0 to 255.</summary>
    public static byte[] Png(int side, Func<int, int, int[]> colour)
    {
        var pixels = new byte[side * (side * 3 + 1)];
        for (var y = 0; y < side; y++)
        {
            var row = y * (side * 3 + 1);
            for (var x = 0; x < side; x++)
            {
                var rgb = colour(x, y);
                for (var channel = 0; channel < 3; channel++) pixels[row + 1 + x * 3 + channel] = (byte)rgb[channel];
            }
        }
        return Png(pixels, side);
    }

    /// <summary>One colour all over.</summary>
    public static byte[] Plain(byte red, byte green, byte blue, int side = 8)
    {
        var pixels = new byte[side * (side * 3 + 1)];
        for (var i = 0; i < side * side; i++)
            ((byte[])[red, green, blue]).CopyTo(pixels, i / side * (side * 3 + 1) + 1 + i % side * 3);
        return Png(pixels, side);
    }

    private static byte[] Png(byte[] pixels, int side)
    {
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Fastest, leaveOpen: true)) zlib.Write(pixels);
        var header = new byte[13];
        BinaryPrimitives.WriteInt32BigEndian(header, side);
        BinaryPrimitives.WriteInt32BigEndian(header.AsSpan(4), side);
        header[8] = 8;
        header[9] = 2;
        return [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A, .. Chunk("IHDR", header), .. Chunk("IDAT", packed.ToArray()), .. Chunk("IEND", [])];
    }

    private static byte[] Chunk(string type, byte[] data)
    {
        var chunk = new byte[data.Length + 12];
        BinaryPrimitives.WriteInt32BigEndian(chunk, data.Length);
        System.Text.Encoding.ASCII.GetBytes(type, chunk.AsSpan(4));
        data.CopyTo(chunk.AsSpan(8));
        BinaryPrimitives.WriteUInt32BigEndian(chunk.AsSpan(data.Length + 8), Crc32(chunk.AsSpan(4, data.Length + 4)));
        return chunk;
    }

    private static uint Crc32(ReadOnlySpan<byte> bytes)
    {
        var crc = uint.MaxValue;
        foreach (var value in bytes)
        {
            crc ^= value;
            for (var bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1) * 0xEDB88320);
        }
        return ~crc;
    }
}
