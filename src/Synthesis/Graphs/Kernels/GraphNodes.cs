using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Who makes and who reads the tensors of a finished model.</summary>
internal sealed class GraphNodes
{
    private readonly Dictionary<string, TensorInfo> tensors;
    private readonly Dictionary<string, TensorProto> constants;
    private readonly Dictionary<string, NodeProto> producers;
    private readonly ILookup<string, NodeProto> readers;
    private readonly HashSet<string> outputs;

    /// <param name="graph">A graph as <see cref="GraphBuilder.ToModel"/> writes it, with the shapes of all tensors.</param>
    public GraphNodes(GraphProto graph)
    {
        tensors = graph.Input.Concat(graph.ValueInfo).Concat(graph.Output).ToDictionary(v => v.Name, TensorInfo.Of);
        constants = graph.Initializer.ToDictionary(c => c.Name);
        producers = graph.Node.SelectMany(n => n.Output, (node, name) => (node, name)).Where(p => p.name.Length > 0).ToDictionary(p => p.name, p => p.node);
        readers = graph.Node.SelectMany(Subgraphs.Reads, (node, name) => (node, name)).ToLookup(r => r.name, r => r.node);
        outputs = [.. graph.Output.Select(o => o.Name)];
    }

    /// <summary>Type and shape of the tensors that are not constants.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => tensors;

    /// <summary>The node that makes a tensor, or null.</summary>
    public NodeProto? Producer(string tensor) => producers.GetValueOrDefault(tensor);

    /// <summary>The constants.</summary>
    public IReadOnlyDictionary<string, TensorProto> Constants => constants;

    /// <summary>Dimensions of a tensor.</summary>
    public long[] Shape(string tensor) => tensors.TryGetValue(tensor, out var info) ? info.Shape : [.. constants[tensor].Dims];

    /// <summary>The only node of a kind that reads a tensor; null where there are several or none.</summary>
    public NodeProto? Only(string tensor, Func<NodeProto, bool> kind) => readers[tensor].Where(kind).ToArray() is [var only] ? only : null;

    /// <summary>The node that reads a node's first output, if it is read there only, once, and is no output of the graph; else null.</summary>
    public NodeProto? OnlyReader(NodeProto node) => !outputs.Contains(node.Output[0]) && readers[node.Output[0]].ToArray() is [var reader] ? reader : null;
}
