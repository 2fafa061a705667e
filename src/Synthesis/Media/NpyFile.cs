using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using PerceptionStudy.Synthesis.Hosting;

namespace PerceptionStudy.Synthesis.Media;

/// <summary>Tensors as NumPy's .npy files: float32, little-endian, C order (versions 1 to 3 are read, version 1 is written).</summary>
public static partial class NpyFile
{
    private static readonly byte[] Magic = [0x93, .. "NUMPY"u8];

    /// <summary>Reads a tensor.</summary>
    /// <param name="path">The file.</param>
    /// <returns>Its dimensions, and its values in C order.</returns>
    /// <exception cref="SynthesisException">The file is absent, no .npy file, or not float32 in C order.</exception>
    public static (long[] Shape, float[] Values) Read(string path)
    {
        if (!File.Exists(path))
            throw new SynthesisException($"There is no file {path}.");
        var bytes = File.ReadAllBytes(path);
        if (bytes.Length < 12 || !bytes.AsSpan(0, 6).SequenceEqual(Magic))
            throw Unreadable(path, "it does not begin as a .npy file does");
        var start = bytes[6] == 1 ? 10 : 12;
        var length = bytes[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(bytes.AsSpan(8)) : BinaryPrimitives.ReadUInt32LittleEndian(bytes.AsSpan(8));
        if (start + length > bytes.Length)
            throw Unreadable(path, "it is cut off");
        var header = Encoding.UTF8.GetString(bytes, start, (int)length);
        var (type, fortran, shape) = (Type().Match(header), Fortran().Match(header), Dimensions().Match(header));
        if (!type.Success || !fortran.Success || !shape.Success)
            throw Unreadable(path, "its header is damaged");
        if (type.Groups[1].Value != "<f4")
            throw Unreadable(path, $"its values are of type {type.Groups[1].Value}; save them as float32");
        if (fortran.Groups[1].Value == "True")
            throw Unreadable(path, "it is in Fortran order; save numpy.ascontiguousarray of it");
        var dimensions = shape.Groups[1].Value.Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(d => long.Parse(d, CultureInfo.InvariantCulture)).ToArray();
        var data = bytes.AsSpan(start + (int)length);
        var count = dimensions.Aggregate(1L, (a, b) => checked(a * b));
        if (data.Length != 4 * count)
            throw Unreadable(path, $"its shape [{string.Join(',', dimensions)}] wants {4 * count} bytes, it holds {data.Length}");
        return (dimensions, MemoryMarshal.Cast<byte, float>(data).ToArray());
    }

    /// <summary>Writes a tensor.</summary>
    /// <param name="path">The file.</param>
    /// <param name="shape">Its dimensions.</param>
    /// <param name="values">As many values as the dimensions multiply to, in C order.</param>
    public static void Write(string path, ReadOnlySpan<long> shape, ReadOnlySpan<float> values)
    {
        var dimensions = string.Join(", ", shape.ToArray()) + (shape.Length == 1 ? "," : "");
        var header = $"{{'descr': '<f4', 'fortran_order': False, 'shape': ({dimensions}), }}";
        // The data begin at a multiple of 64, as NumPy's own files do.
        header = header.PadRight((10 + header.Length + 1 + 63) / 64 * 64 - 11) + "\n";
        var bytes = new byte[10 + header.Length + 4 * values.Length];
        Magic.CopyTo(bytes, 0);
        bytes[6] = 1;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(8), (ushort)header.Length);
        Encoding.ASCII.GetBytes(header, bytes.AsSpan(10));
        MemoryMarshal.AsBytes(values).CopyTo(bytes.AsSpan(10 + header.Length));
        WholeFile.Write(path, bytes);
    }

    private static SynthesisException Unreadable(string path, string why) => new($"{Path.GetFileName(path)} is not a tensor that can be read: {why}.");

    [GeneratedRegex(@"'descr'\s*:\s*'([^']*)'")]
    private static partial Regex Type();

    [GeneratedRegex(@"'fortran_order'\s*:\s*(True|False)")]
    private static partial Regex Fortran();

    [GeneratedRegex(@"'shape'\s*:\s*\(([0-9,\s]*)\)")]
    private static partial Regex Dimensions();
}
