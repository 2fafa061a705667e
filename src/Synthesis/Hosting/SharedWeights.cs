using System.Runtime.InteropServices;
using Microsoft.ML.OnnxRuntime;
using Microsoft.ML.OnnxRuntime.Tensors;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Hosting;

/// <summary>
/// The large weights of dense layers, read by all sessions of a model where the model keeps them. ONNX Runtime would copy them into each session, once for
/// each node that reads them, in an order that helps products of matrices; for one picture the product is with a vector, is as fast without, and waits for memory anyway.
/// </summary>
internal sealed class SharedWeights : IDisposable
{
    private const int LeastBytes = 16 << 20;
    private readonly List<OrtValue> values = [];
    private readonly List<GCHandle> pinned = [];

    private SharedWeights()
    {
    }

    /// <summary>Lends a session the weights of a model that it is to read in place.</summary>
    /// <param name="model">A model as <see cref="GraphBuilder.ToModel"/> writes it. Such weights become inputs with a default, which the runtime neither copies nor reorders.</param>
    /// <param name="options">Options of the session.</param>
    /// <returns>Holds the weights in place: to be disposed after the session.</returns>
    public static SharedWeights Lend(ModelProto model, SessionOptions options)
    {
        var graph = model.Graph;
        var rows = graph.ValueInfo.Concat(graph.Output).Select(TensorInfo.Of).Where(t => t.Shape.Length > 0).ToDictionary(t => t.Name, t => t.Shape[0]);
        var readers = graph.Node.SelectMany(Subgraphs.Reads, (node, name) => (node, name)).ToLookup(r => r.name, r => r.node);
        var shared = new SharedWeights();
        foreach (var weights in graph.Initializer.Where(w => w.RawData.Length >= LeastBytes && w.Type() == DataType.Float && readers[w.Name].All(n => TakesVector(n, w.Name, rows))))
        {
            if (!MemoryMarshal.TryGetArray(weights.RawData.Memory, out var bytes))
                continue;
            long[] shape = [.. weights.Dims];
            var handle = GCHandle.Alloc(bytes.Array, GCHandleType.Pinned);
            shared.pinned.Add(handle);
            var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, TensorElementType.Float, shape, handle.AddrOfPinnedObject() + bytes.Offset, bytes.Count);
            shared.values.Add(value);
            options.AddInitializer(weights.Name, value);
            graph.Input.Add(GraphBuilder.ValueInfo(new TensorInfo(weights.Name, DataType.Float, shape)));
        }
        return shared;
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (var value in values)
            value.Dispose();
        foreach (var handle in pinned)
            handle.Free();
    }

    private static bool TakesVector(NodeProto node, string weights, Dictionary<string, long> rows) =>
        node.OpType == "Gemm" && node.Domain.Length == 0 && node.Input[0] != weights && node.InputOrNull(2) != weights && rows.GetValueOrDefault(node.Output[0]) == 1;
}
