using System.IO.Compression;
using System.Text;

namespace PerceptionStudy.Server.Tests.Analysis.Imports;

/// <summary>Writes MAT-files of version 5 from the published description of the format, knowing nothing of the reader.</summary>
internal static class MatBytes
{
    /// <param name="values">In column-major order.</param>
    public static byte[] Of(string name, int[] dimensions, double[] values, bool compressed)
    {
        using var file = new MemoryStream();
        file.Write(Encoding.ASCII.GetBytes("MATLAB 5.0 MAT-file, made by a test".PadRight(124)));
        file.Write([0x00, 0x01, (byte)'I', (byte)'M']);
        var matrix = Element(14, [.. Element(6, [6, 0, 0, 0, 0, 0, 0, 0]), .. Element(5, [.. dimensions.SelectMany(BitConverter.GetBytes)]),
            .. Element(1, Encoding.ASCII.GetBytes(name)), .. Element(9, [.. values.SelectMany(BitConverter.GetBytes)])]);
        if (!compressed)
        {
            file.Write(matrix);
            return file.ToArray();
        }
        using var packed = new MemoryStream();
        using (var zlib = new ZLibStream(packed, CompressionLevel.Optimal, leaveOpen: true)) zlib.Write(matrix);
        file.Write(BitConverter.GetBytes(15));
        file.Write(BitConverter.GetBytes((int)packed.Length));
        file.Write(packed.ToArray());
        return file.ToArray();
    }

    // Up to four bytes fit into the tag; longer data are padded to eight.
    private static byte[] Element(int type, byte[] data) => data.Length is > 0 and <= 4
        ? [.. BitConverter.GetBytes((short)type), .. BitConverter.GetBytes((short)data.Length), .. data, .. new byte[4 - data.Length]]
        : [.. BitConverter.GetBytes(type), .. BitConverter.GetBytes(data.Length), .. data, .. new byte[(8 - data.Length % 8) % 8]];
}
