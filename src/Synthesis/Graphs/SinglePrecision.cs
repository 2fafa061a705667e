using System.Runtime.InteropServices;
using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Brings a model in float16 or bfloat16 to float32: its weights hold the same numbers, and its arithmetic has more digits than it was
/// made for. Gradients in half precision would be too coarse for a metamer.
/// </summary>
internal static class SinglePrecision
{
    public static void Run(GraphProto graph)
    {
        foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
            if (value.Type?.TensorType is { } tensor && IsHalf(tensor.ElemType))
                tensor.ElemType = (int)DataType.Float;
        foreach (var constant in graph.Initializer)
            Widen(constant);
        foreach (var node in graph.Node)
            foreach (var attribute in node.Attribute)
            {
                // "to" of Cast, "dtype" of EyeLike and the like.
                if (attribute.Name is "to" or "dtype" or "softmax_precision" && attribute.I is >= 0 and <= int.MaxValue && IsHalf((int)attribute.I))
                    attribute.I = (long)DataType.Float;
                if (attribute.T is { } tensor)
                    Widen(tensor);
                if (attribute.G is { } inner)
                    Run(inner);
                foreach (var another in attribute.Graphs)
                    Run(another);
            }
    }

    private static bool IsHalf(int type) => (DataType)type is DataType.Float16 or DataType.Bfloat16;

    private static void Widen(TensorProto tensor)
    {
        if (!IsHalf(tensor.DataType) || tensor.DataLocation == TensorProto.Types.DataLocation.External)
            return;
        var bits = tensor.RawData.Length > 0
            ? MemoryMarshal.Cast<byte, ushort>(tensor.RawData.Span).ToArray()
            : [.. tensor.Int32Data.Select(v => unchecked((ushort)v))];
        var values = tensor.Type() == DataType.Float16
            ? Array.ConvertAll(bits, v => (float)BitConverter.UInt16BitsToHalf(v))
            : Array.ConvertAll(bits, v => BitConverter.UInt32BitsToSingle((uint)v << 16));
        tensor.DataType = (int)DataType.Float;
        tensor.RawData = ByteString.CopyFrom(MemoryMarshal.AsBytes<float>(values));
        tensor.Int32Data.Clear();
    }
}
