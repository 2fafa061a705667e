using System.Runtime.InteropServices;
using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>The values of a tensor in a file. Files are little-endian, as every machine that .NET 10 runs on.</summary>
public static class TensorData
{
    /// <summary>Element type of a tensor.</summary>
    public static DataType Type(this TensorProto tensor) => (DataType)tensor.DataType;

    /// <summary>A tensor of raw values.</summary>
    /// <typeparam name="T">float, double, long, int or bool.</typeparam>
    public static TensorProto Of<T>(string name, long[] shape, T[] values) where T : unmanaged
    {
        var tensor = new TensorProto { Name = name, DataType = (int)TypeOf<T>(), RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<T>(values)) };
        tensor.Dims.AddRange(shape);
        return tensor;
    }

    /// <summary>The ONNX name of a .NET type.</summary>
    /// <exception cref="ArgumentException">A type that is not used here.</exception>
    public static DataType TypeOf<T>() => default(T) switch
    {
        float => DataType.Float,
        double => DataType.Double,
        long => DataType.Int64,
        int => DataType.Int32,
        bool => DataType.Bool,
        byte => DataType.Uint8,
        _ => throw new ArgumentException($"No tensor type for {typeof(T).Name}."),
    };

    /// <summary>The values of an integer tensor (int64 or int32), in C order.</summary>
    /// <exception cref="ModelFormatException">Another element type.</exception>
    public static long[] Longs(this TensorProto tensor) => tensor.Type() switch
    {
        DataType.Int64 => tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, long>(tensor.RawData.Span).ToArray() : [.. tensor.Int64Data],
        DataType.Int32 => tensor.RawData.Length > 0
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, int>(tensor.RawData.Span).ToArray(), i => (long)i)
            : [.. tensor.Int32Data.Select(i => (long)i)],
        var other => throw new ModelFormatException($"The tensor {tensor.Name} holds {other} where integers are expected; export the model again."),
    };

    /// <summary>The values of a float tensor (float32 or float64), in C order, as doubles.</summary>
    /// <exception cref="ModelFormatException">Another element type.</exception>
    public static double[] Doubles(this TensorProto tensor) => tensor.Type() switch
    {
        DataType.Float => tensor.RawData.Length > 0
            ? Array.ConvertAll(MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray(), f => (double)f)
            : [.. tensor.FloatData.Select(f => (double)f)],
        DataType.Double => tensor.RawData.Length > 0 ? MemoryMarshal.Cast<byte, double>(tensor.RawData.Span).ToArray() : [.. tensor.DoubleData],
        DataType.Int64 or DataType.Int32 => Array.ConvertAll(tensor.Longs(), i => (double)i),
        var other => throw new ModelFormatException($"The tensor {tensor.Name} holds {other} where numbers are expected; export the model in float32."),
    };
}
