using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Graphs;

/// <summary>Damages a model: some bytes of its file, or one or several parts of its structure, so that what remains still parses.</summary>
internal static class ModelMutation
{
    private static readonly long[] Extremes =
        [0, 1, -1, 2, 3, 7, -2, 255, 256, 65535, 1 << 20, int.MaxValue, int.MinValue, 1L << 31, 1L << 62, long.MaxValue, long.MinValue];

    private static readonly string[] Operators =
        ["If", "Loop", "Scan", "Constant", "Shape", "NonZero", "Compress", "Unique", "LSTM", "Upsample", "OneHot", "StringNormalizer", "SequenceConstruct", "Optional",
         "GridSample", "RoiAlign", "MaxUnpool", "ConvInteger", "QLinearConv", "ReverseSequence", "Det", "NonMaxSuppression", "Col2Im", "Nonsense", ""];

    public static byte[] Mutate(byte[] file, Random random)
    {
        if (random.Next(3) == 0)
            return Bytes(file, random);
        var model = ModelProto.Parser.ParseFrom(file);
        for (var left = 1 + random.Next(3); left > 0; left--)
            Structure(model, random);
        return model.ToByteArray();
    }

    private static byte[] Bytes(byte[] file, Random random)
    {
        var bytes = (byte[])file.Clone();
        switch (random.Next(5))
        {
            case 0:
                return bytes[..random.Next(bytes.Length)];
            case 1:
                var (from, length) = (random.Next(bytes.Length), random.Next(64));
                return [.. bytes[..from], .. bytes[from..Math.Min(bytes.Length, from + length)], .. bytes[from..]];
            case 2:
                var cut = random.Next(bytes.Length);
                return [.. bytes[..cut], .. bytes[Math.Min(bytes.Length, cut + random.Next(64))..]];
            default:
                // The first bytes and the last hold most of the structure, weights most of the rest.
                for (var left = 1 + random.Next(8); left > 0; left--)
                    bytes[random.Next(2) == 0 ? random.Next(Math.Min(bytes.Length, 400)) : random.Next(bytes.Length)] = random.Next(2) == 0 ? (byte)random.Next(256) : (byte)0xFF;
                return bytes;
        }
    }

    private static void Structure(ModelProto model, Random random)
    {
        var graph = model.Graph;
        var node = Any(graph.Node, random);
        var tensor = Any(graph.Initializer, random);
        var names = graph.Node.SelectMany(n => n.Output.Concat(n.Input)).Concat(graph.Initializer.Select(t => t.Name)).Append("").Append("new").ToArray();
        switch (random.Next(18))
        {
            case 0 when node is not null: node.OpType = random.Next(2) == 0 ? Any(Operators, random)! : Any(graph.Node, random)!.OpType; break;
            case 1 when node is { Input.Count: > 0 }: node.Input[random.Next(node.Input.Count)] = Any(names, random)!; break;
            case 2 when node is { Input.Count: > 0 }: node.Input.RemoveAt(random.Next(node.Input.Count)); break;
            case 3 when node is not null: node.Input.Add(Any(names, random)!); break;
            case 4 when node is { Output.Count: > 0 }: node.Output[random.Next(node.Output.Count)] = Any(names, random)!; break;
            case 5 when node is not null: node.Output.Clear(); break;
            case 6 when node is { Attribute.Count: > 0 }: Damage(Any(node.Attribute, random)!, random); break;
            case 7 when node is { Attribute.Count: > 0 }: node.Attribute.RemoveAt(random.Next(node.Attribute.Count)); break;
            case 8 when node is not null: node.Set(Any(["axis", "axes", "pads", "strides", "group", "to", "perm", "kernel_shape", "mode", "value"], random)!, Any(Extremes, random)); break;
            case 9 when node is not null: graph.Node.Insert(random.Next(graph.Node.Count), node.Clone()); break;
            case 10 when node is not null: graph.Node.Remove(node); break;
            case 11 when tensor is not null: Damage(tensor, random); break;
            case 12 when tensor is not null: graph.Initializer.Remove(tensor); break;
            case 13 when Any(graph.Input, random)?.Type?.TensorType is { Shape: { } shape } type:
                if (random.Next(4) == 0)
                    type.ElemType = random.Next(30);
                else if (shape.Dim.Count > 0)
                    shape.Dim[random.Next(shape.Dim.Count)] = new TensorShapeProto.Types.Dimension { DimValue = Any(Extremes, random) };
                break;
            case 14 when Any(model.OpsetImport, random) is { } set: set.Version = random.Next(2) == 0 ? random.Next(30) : Any(Extremes, random); break;
            case 15 when node is not null: node.Domain = Any(["com.microsoft", "own", "ai.onnx", "ai.onnx.ml"], random)!; break;
            case 16 when node is not null: AsFunction(model, node, random); break;
            case 17 when Any(graph.Output, random) is { } output: output.Name = Any(names, random)!; break;
        }
    }

    private static void Damage(AttributeProto attribute, Random random)
    {
        attribute.I = Any(Extremes, random);
        attribute.F = Any([0, -1, float.NaN, float.PositiveInfinity, float.MaxValue], random);
        attribute.S = ByteString.CopyFromUtf8(Any(["", "SAME_UPPER", "reflect", "linear", "ij,jk->ik", "\0", "...->"], random)!);
        if (attribute.Ints.Count > 0 && random.Next(2) == 0)
            attribute.Ints[random.Next(attribute.Ints.Count)] = Any(Extremes, random);
        else if (random.Next(2) == 0)
            attribute.Ints.Add(Any(Extremes, random));
        else
            attribute.Ints.Clear();
        if (random.Next(4) == 0)
            attribute.Type = (AttributeProto.Types.AttributeType)random.Next(15);
        if (attribute.T is not null)
            Damage(attribute.T, random);
    }

    private static void Damage(TensorProto tensor, Random random)
    {
        switch (random.Next(5))
        {
            case 0: tensor.DataType = random.Next(30); break;
            case 1: tensor.Dims.Add(Any(Extremes, random)); break;
            case 2 when tensor.Dims.Count > 0: tensor.Dims[random.Next(tensor.Dims.Count)] = Any(Extremes, random); break;
            case 3: tensor.RawData = ByteString.CopyFrom(tensor.RawData.Span[..random.Next(tensor.RawData.Length + 1)]); break;
            default:
                // Integers become extreme numbers of the right count.
                var bytes = tensor.RawData.ToByteArray();
                if (bytes.Length >= 8)
                    BitConverter.TryWriteBytes(bytes.AsSpan(random.Next(bytes.Length / 8) * 8), Any(Extremes, random));
                tensor.RawData = ByteString.CopyFrom(bytes);
                break;
        }
    }

    // The node becomes a call of a function whose body is the node, or the call itself.
    private static void AsFunction(ModelProto model, NodeProto node, Random random)
    {
        var function = new FunctionProto { Name = "f", Domain = "own" };
        function.Input.AddRange(node.Input.Where(i => i.Length > 0).Distinct());
        function.Output.AddRange(node.Output);
        function.OpsetImport.AddRange(model.OpsetImport);
        function.Node.Add(node.Clone());
        model.Functions.Add(function);
        model.OpsetImport.Add(new OperatorSetIdProto { Domain = "own", Version = 1 });
        (node.OpType, node.Domain) = ("f", "own");
        if (random.Next(2) == 0)
            node.Attribute.Clear();
        if (random.Next(3) == 0)
            function.Node[0] = node.Clone();
    }

    private static T? Any<T>(IReadOnlyList<T> list, Random random) => list.Count == 0 ? default : list[random.Next(list.Count)];
}
