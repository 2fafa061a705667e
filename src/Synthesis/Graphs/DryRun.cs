using Google.Protobuf;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>One run in ONNX Runtime with every tensor as an output: it tells all types and shapes, and the values of what is constant.</summary>
internal static class DryRun
{
    // The runtime has no error code for it; these are the words of the C++ library and of its arena.
    private static readonly string[] OutOfMemory = ["bad_alloc", "Failed to allocate memory", "bad allocation"];

    /// <exception cref="ModelFormatException">ONNX Runtime does not load or run the model.</exception>
    public static (Dictionary<string, TensorInfo> Tensors, Dictionary<string, TensorProto> Constants) Run(
        IReadOnlyList<NodeProto> nodes, ICollection<TensorProto> initializers, TensorInfo input, Dictionary<string, long> opsets, HashSet<string> constant)
    {
        try
        {
            return Observe(nodes, initializers, input, opsets, constant);
        }
        catch (OnnxRuntimeException e) when (OutOfMemory.Any(e.Message.Contains))
        {
            throw new ModelFormatException("The model needs more memory for one run than it may have here; take a smaller network, or raise the limit (setting Worker:MemoryMegabytes).", e);
        }
        catch (OnnxRuntimeException e)
        {
            throw new ModelFormatException($"ONNX Runtime cannot run the model: {e.Message.ReplaceLineEndings(" ").Trim().TrimEnd('.')}; export it again, with a newer exporter if there is one.", e);
        }
    }

    private static (Dictionary<string, TensorInfo> Tensors, Dictionary<string, TensorProto> Constants) Observe(
        IReadOnlyList<NodeProto> nodes, ICollection<TensorProto> initializers, TensorInfo input, Dictionary<string, long> opsets, HashSet<string> constant)
    {
        var model = new ModelProto { IrVersion = GraphImport.IrVersion, Graph = new GraphProto { Name = "dry_run" } };
        model.OpsetImport.AddRange(opsets.Select(o => new OperatorSetIdProto { Domain = o.Key, Version = o.Value }));
        model.Graph.Node.AddRange(nodes);
        model.Graph.Initializer.AddRange(initializers);
        model.Graph.Input.Add(GraphBuilder.ValueInfo(input));
        model.Graph.Output.AddRange(nodes.SelectMany(n => n.Output).Where(o => o.Length > 0).Select(o => new ValueInfoProto { Name = o }));

        var tensors = initializers.Select(t => new TensorInfo(t.Name, t.Type(), [.. t.Dims])).Append(input).ToDictionary(t => t.Name);
        var constants = new Dictionary<string, TensorProto>();
        using var options = new SessionOptions { GraphOptimizationLevel = GraphOptimizationLevel.ORT_DISABLE_ALL, LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_ERROR };
        using var session = new InferenceSession(model.ToByteArray(), options);
        using var value = HalfEverywhere(input);
        using var run = new RunOptions();
        using var results = session.Run(run, [input.Name], [value], session.OutputNames);
        foreach (var (name, result) in session.OutputNames.Zip(results))
        {
            if (result.OnnxType != OnnxValueType.ONNX_TYPE_TENSOR)
                continue;
            var about = result.GetTensorTypeAndShape();
            var info = new TensorInfo(name, Type(about.ElementDataType), about.Shape);
            tensors[name] = info;
            if (constant.Contains(name) && info.Type != DataType.String)
            {
                var tensor = new TensorProto { Name = name, DataType = (int)info.Type, RawData = ByteString.CopyFrom(result.GetTensorDataAsSpan<byte>()) };
                tensor.Dims.AddRange(info.Shape);
                constants[name] = tensor;
            }
        }
        return (tensors, constants);
    }

    private static OrtValue HalfEverywhere(TensorInfo input) => input.Type == DataType.Double
        ? OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(0.5, checked((int)input.Size)).ToArray(), input.Shape)
        : OrtValue.CreateTensorValueFromMemory(Enumerable.Repeat(0.5f, checked((int)input.Size)).ToArray(), input.Shape);

    private static DataType Type(TensorElementType type) => type switch
    {
        TensorElementType.Float => DataType.Float,
        TensorElementType.UInt8 => DataType.Uint8,
        TensorElementType.Int8 => DataType.Int8,
        TensorElementType.UInt16 => DataType.Uint16,
        TensorElementType.Int16 => DataType.Int16,
        TensorElementType.Int32 => DataType.Int32,
        TensorElementType.Int64 => DataType.Int64,
        TensorElementType.String => DataType.String,
        TensorElementType.Bool => DataType.Bool,
        TensorElementType.Float16 => DataType.Float16,
        TensorElementType.Double => DataType.Double,
        TensorElementType.UInt32 => DataType.Uint32,
        TensorElementType.UInt64 => DataType.Uint64,
        TensorElementType.BFloat16 => DataType.Bfloat16,
        _ => DataType.Undefined,
    };
}
