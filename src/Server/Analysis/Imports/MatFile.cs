using System.Buffers.Binary;
using System.IO.Compression;

namespace PerceptionStudy.Server.Analysis.Imports;

/// <summary>A numeric array of a MAT-file, in MATLAB's column-major order.</summary>
public sealed record MatArray(string Name, int[] Dimensions, double[] Values);

/// <summary>
/// Reads the numeric arrays of a MAT-file, level 5 (MathWorks, "MAT-File Format"): little-endian, as every machine of today writes it, compressed or not.
/// Texts, cells and structures are passed over.
/// </summary>
public static class MatFile
{
    private const int HeaderBytes = 128;
    private const int Matrix = 14, Compressed = 15;

    /// <exception cref="FormatException">Not such a file, or cut off.</exception>
    public static IReadOnlyList<MatArray> Read(byte[] file)
    {
        if (file.Length < HeaderBytes || file[126] != 'I' || file[127] != 'M')
            throw new FormatException("This is no MAT-file of version 5: save it with save(…, '-v7').");
        try
        {
            return [.. Elements(file.AsMemory(HeaderBytes)).SelectMany(Arrays)];
        }
        catch (Exception cut) when (cut is ArgumentOutOfRangeException or IndexOutOfRangeException or InvalidDataException or OverflowException)
        {
            throw new FormatException("The MAT-file is cut off or broken: fetch it again.", cut);
        }
    }

    private static IEnumerable<MatArray> Arrays((int Type, ReadOnlyMemory<byte> Data) element)
    {
        if (element.Type == Compressed) return Elements(Inflated(element.Data)).SelectMany(Arrays);
        return element.Type == Matrix && Array(element.Data) is { } array ? [array] : [];
    }

    // Flags (array class in the lowest byte), dimensions, name, real part: each an element of its own.
    private static MatArray? Array(ReadOnlyMemory<byte> data)
    {
        var parts = Elements(data).Take(4).ToList();
        if (parts.Count < 4 || parts[0].Data.Span[0] is < 6 or > 15) return null;
        var dimensions = Numbers(parts[1]).Select(d => checked((int)d)).ToArray();
        var values = Numbers(parts[3]);
        if (dimensions.Aggregate(1L, (product, d) => product * d) != values.Length) throw new InvalidDataException("The array has another size than it says.");
        return new MatArray(System.Text.Encoding.ASCII.GetString(parts[2].Data.Span), dimensions, values);
    }

    private static IEnumerable<(int Type, ReadOnlyMemory<byte> Data)> Elements(ReadOnlyMemory<byte> bytes)
    {
        while (bytes.Length >= 8)
        {
            var tag = BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span);
            if (tag >> 16 is var small and > 0)
            {
                // Up to four bytes stand in the tag itself.
                yield return ((int)(tag & 0xffff), bytes.Slice(4, (int)small));
                bytes = bytes[8..];
                continue;
            }
            var length = checked((int)BinaryPrimitives.ReadUInt32LittleEndian(bytes.Span[4..]));
            yield return ((int)tag, bytes.Slice(8, length));
            // Elements begin at multiples of eight bytes, except after a compressed one.
            var padded = tag == Compressed ? length : (length + 7) / 8 * 8;
            bytes = bytes[Math.Min(8 + padded, bytes.Length)..];
        }
    }

    private static double[] Numbers((int Type, ReadOnlyMemory<byte> Data) element)
    {
        var (size, read) = Reader(element.Type);
        return [.. Enumerable.Range(0, element.Data.Length / size).Select(i => read(element.Data.Span.Slice(i * size, size)))];
    }

    private delegate double NumberReader(ReadOnlySpan<byte> bytes);

    // MATLAB stores numbers in the smallest type that holds them all.
    private static (int Size, NumberReader Read) Reader(int type) => type switch
    {
        1 => (1, b => (sbyte)b[0]),
        2 => (1, b => b[0]),
        3 => (2, b => BinaryPrimitives.ReadInt16LittleEndian(b)),
        4 => (2, b => BinaryPrimitives.ReadUInt16LittleEndian(b)),
        5 => (4, b => BinaryPrimitives.ReadInt32LittleEndian(b)),
        6 => (4, b => BinaryPrimitives.ReadUInt32LittleEndian(b)),
        7 => (4, b => BinaryPrimitives.ReadSingleLittleEndian(b)),
        9 => (8, BinaryPrimitives.ReadDoubleLittleEndian),
        12 => (8, b => BinaryPrimitives.ReadInt64LittleEndian(b)),
        13 => (8, b => BinaryPrimitives.ReadUInt64LittleEndian(b)),
        _ => throw new InvalidDataException($"Numbers of type {type} are unknown."),
    };

    private static ReadOnlyMemory<byte> Inflated(ReadOnlyMemory<byte> data)
    {
        using var zlib = new ZLibStream(new MemoryStream(data.ToArray()), CompressionMode.Decompress);
        using var whole = new MemoryStream();
        zlib.CopyTo(whole);
        return whole.ToArray();
    }
}
