using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Writes an ONNX graph, node by node. Every tensor has a unique readable name and a known type and shape.
/// All nodes are standard operators of <see cref="DialectOpset"/>.
/// </summary>
public sealed class GraphBuilder
{
    /// <summary>The operator set whose forms are written, and to which every model is brought at import.</summary>
    public const int DialectOpset = 18;

    private const string StoppedPrefix = "ps_stopped";

    private readonly GraphProto _graph = new() { Name = "perception_study" };
    private readonly Dictionary<string, TensorInfo> _tensors = [];
    private readonly Dictionary<string, TensorProto> _constants = [];
    private readonly Dictionary<string, NodeProto> _producers = [];
    private readonly Dictionary<(string, string), string> _shared = [];
    private readonly Dictionary<string, int> _counts = [];
    private readonly HashSet<string> _reserved = [];

    /// <summary>Versions of the operator sets that the model asks for; the empty domain is the standard's.</summary>
    public Dictionary<string, long> Opsets { get; } = new() { [""] = DialectOpset };

    /// <summary>What the names of emitted tensors begin with.</summary>
    public string NamePrefix { get; set; } = "g_";

    /// <summary>The nodes so far, in order.</summary>
    public IReadOnlyList<NodeProto> Nodes => _graph.Node;

    /// <summary>Types and shapes of all tensors so far.</summary>
    public IReadOnlyDictionary<string, TensorInfo> Tensors => _tensors;

    /// <summary>The constants so far.</summary>
    public IEnumerable<TensorProto> Constants => _graph.Initializer;

    /// <summary>Whether the graph holds a tensor of that name.</summary>
    public bool Has(string tensor) => _tensors.ContainsKey(tensor);

    /// <summary>Type and shape of a tensor.</summary>
    /// <exception cref="ArgumentException">There is none of that name.</exception>
    public TensorInfo Tensor(string name) => _tensors.TryGetValue(name, out var info) ? info : throw new ArgumentException($"The graph has no tensor {name}.", nameof(name));

    /// <summary>Dimensions of a tensor.</summary>
    public long[] Shape(string name) => Tensor(name).Shape;

    /// <summary>The node that makes a tensor, or null for an input or a constant.</summary>
    public NodeProto? Producer(string tensor) => _producers.GetValueOrDefault(tensor);

    /// <summary>The value of a constant, or null for a tensor that is computed.</summary>
    public TensorProto? ConstantOrNull(string tensor) => _constants.GetValueOrDefault(tensor);

    /// <summary>Declares an input of the graph and returns its name.</summary>
    public string Input(string name, long[] shape, DataType type = DataType.Float)
    {
        Know(new TensorInfo(name, type, shape));
        _graph.Input.Add(ValueInfo(_tensors[name]));
        return name;
    }

    /// <summary>Makes a tensor an output of the graph. A second name for it, if wanted, is <paramref name="name"/>.</summary>
    /// <returns>The output's name.</returns>
    public string Output(string tensor, string? name = null)
    {
        if (name is not null && name != tensor)
        {
            var info = Tensor(tensor);
            Add(Node("Identity", [tensor], [name]), info with { Name = name });
            tensor = name;
        }
        _graph.Output.Add(ValueInfo(Tensor(tensor)));
        return tensor;
    }

    /// <summary>Adds a constant; one with the same hint and content is shared.</summary>
    /// <param name="hint">Start of its name.</param>
    /// <param name="shape">Dimensions; empty for a scalar.</param>
    /// <param name="values">Values in C order.</param>
    public string Constant<T>(string hint, long[] shape, T[] values) where T : unmanaged => Constant(hint, TensorData.Of("", shape, values));

    /// <summary>A list of int64, such as axes or a shape.</summary>
    public string Integers(string hint, params long[] values) => Constant(hint, [values.Length], values);

    /// <summary>A scalar of the element type of another tensor, so that a graph in float64 stays in float64.</summary>
    /// <param name="like">Name of the tensor with the wanted type.</param>
    /// <param name="value">The value.</param>
    public string Scalar(string like, double value) => Values("scalar", like, [], [value]);

    /// <summary>A constant of the element type of another tensor.</summary>
    public string Values(string hint, string like, long[] shape, double[] values) => Tensor(like).Type switch
    {
        DataType.Double => Constant(hint, shape, values),
        DataType.Float => Constant(hint, shape, Array.ConvertAll(values, v => (float)v)),
        DataType.Int64 => Constant(hint, shape, Array.ConvertAll(values, v => (long)v)),
        var other => throw new ArgumentException($"No constants of type {other} for {like}.", nameof(like)),
    };

    /// <summary>Adds a node with one output, of the first input's element type.</summary>
    /// <param name="opType">A standard operator.</param>
    /// <param name="inputs">Names of its inputs.</param>
    /// <param name="shape">Shape of its output; null: the inputs' shapes, broadcast together.</param>
    /// <param name="attributes">Names and values of its attributes.</param>
    /// <returns>The output's name.</returns>
    public string Emit(string opType, string[] inputs, long[]? shape = null, params (string Name, object Value)[] attributes) =>
        Emit(opType, Tensor(inputs[0]).Type, inputs, shape, attributes);

    /// <summary>Adds a node with one output of a given element type.</summary>
    public string Emit(string opType, DataType type, string[] inputs, long[]? shape = null, params (string Name, object Value)[] attributes) =>
        EmitMany(opType, inputs, [(type, shape ?? Shapes.Broadcast(inputs.Where(i => i.Length > 0).Select(Shape)))], attributes)[0];

    /// <summary>Compares two tensors, element by element, with an operator such as Greater or Equal; the result is of type bool.</summary>
    public string Compare(string opType, string left, string right) => Emit(opType, DataType.Bool, [left, right]);

    /// <summary>Where <paramref name="condition"/> is true the one value, else the other.</summary>
    public string Where(string condition, string yes, string no) => Emit("Where", Tensor(yes).Type, [condition, yes, no]);

    /// <summary>
    /// A number where <paramref name="condition"/> is true, else 0. Two nodes, but on large tensors faster than Where in ONNX Runtime.
    /// </summary>
    public string Keep(string condition, string value)
    {
        var type = Tensor(value).Type;
        return Emit("Mul", [value, Emit("Cast", type, [condition], null, ("to", (long)type))]);
    }

    /// <summary>Zeros of the element type of another tensor.</summary>
    public string Zeros(string like, long[] shape) => Emit("Expand", [Scalar(like, 0), Integers("shape", shape)], shape);

    /// <summary>The same tensor, but no gradient flows back through it.</summary>
    public string StopGradient(string tensor)
    {
        var stopped = Tensor(tensor) with { Name = Unique(StoppedPrefix) };
        Add(Node("Identity", [tensor], [stopped.Name]), stopped);
        return stopped.Name;
    }

    /// <summary>Notes that on a CPU one operator of our own makes a tensor at once, without the nodes between it and what that operator reads.</summary>
    /// <param name="tensor">A tensor that a node makes.</param>
    /// <param name="kernel">The operator, of <see cref="CpuKernels"/>; it is for float32.</param>
    /// <param name="inputs">What it reads.</param>
    /// <param name="sizes">What else it needs to know.</param>
    /// <returns>The tensor's name.</returns>
    internal string Fused(string tensor, string kernel, string[] inputs, params long[] sizes)
    {
        if (Tensor(tensor).Type != DataType.Float || Producer(tensor) is not { } node)
            return tensor;
        var fused = new NodeProto { OpType = kernel, Domain = CpuKernels.Domain };
        fused.Input.AddRange(inputs);
        fused.Set(OrtOperator.Sizes, sizes);
        FusedNodes.Note(node, fused);
        return tensor;
    }

    /// <summary>Adds a node with several outputs.</summary>
    /// <returns>The outputs' names.</returns>
    public string[] EmitMany(string opType, string[] inputs, (DataType Type, long[] Shape)[] outputs, params (string Name, object Value)[] attributes)
    {
        var infos = Array.ConvertAll(outputs, o => new TensorInfo(Unique(NamePrefix + opType.ToLowerInvariant()), o.Type, o.Shape));
        var node = Node(opType, inputs, Array.ConvertAll(infos, i => i.Name));
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        Add(node, infos);
        return [.. node.Output];
    }

    /// <summary>Reshapes to known dimensions; the same dimensions cost no node.</summary>
    public string Reshape(string tensor, params long[] shape) =>
        Shape(tensor).SequenceEqual(shape) ? tensor : Emit("Reshape", [tensor, Integers("shape", shape)], shape);

    /// <summary>Adds a node as it is, with its outputs' types and shapes: how a model's own nodes are taken over.</summary>
    public void Add(NodeProto node, params TensorInfo[] outputs)
    {
        _graph.Node.Add(node);
        foreach (var info in outputs)
        {
            Know(info);
            _producers[info.Name] = node;
        }
    }

    /// <summary>Adds a constant under its own name: how a model's own weights are taken over.</summary>
    public void Add(TensorProto constant)
    {
        Know(new TensorInfo(constant.Name, constant.Type(), [.. constant.Dims]));
        _constants[constant.Name] = constant;
        _graph.Initializer.Add(constant);
    }

    /// <summary>Gives a tensor that the last node made another name; one that is an input or a constant is copied under that name.</summary>
    public void Rename(string tensor, string name)
    {
        if (_graph.Node.LastOrDefault() is not { } node || !node.Output.Contains(tensor))
        {
            Add(Node("Identity", [tensor], [name]), Tensor(tensor) with { Name = name });
            return;
        }
        node.Output[node.Output.IndexOf(tensor)] = name;
        node.Name = "node_" + name;
        _tensors[name] = _tensors[tensor] with { Name = name };
        _producers[name] = node;
        _tensors.Remove(tensor);
        _producers.Remove(tensor);
    }

    /// <summary>Keeps names free for tensors that are added later under their own names.</summary>
    public void Reserve(IEnumerable<string> names) => _reserved.UnionWith(names);

    /// <summary>A name that no tensor has yet.</summary>
    public string Unique(string hint)
    {
        string name;
        do
        {
            var count = _counts[hint] = _counts.GetValueOrDefault(hint) + 1;
            name = $"{hint}_{count}";
        } while (_tensors.ContainsKey(name) || _reserved.Contains(name));
        return name;
    }

    /// <summary>The model as it stands, ready for ONNX Runtime; it tells the shapes of all tensors.</summary>
    public ModelProto ToModel()
    {
        var model = new ModelProto { IrVersion = 8, ProducerName = "PerceptionStudy", Graph = _graph.Clone() };
        var outputs = _graph.Output.Select(o => o.Name).ToHashSet();
        model.Graph.ValueInfo.AddRange(_graph.Node.SelectMany(n => n.Output).Where(o => _tensors.ContainsKey(o) && !outputs.Contains(o)).Select(o => ValueInfo(_tensors[o])));
        foreach (var (domain, version) in Opsets.OrderBy(o => o.Key, StringComparer.Ordinal))
            model.OpsetImport.Add(new OperatorSetIdProto { Domain = domain, Version = version });
        return model;
    }

    /// <summary>Whether a node was written by <see cref="StopGradient"/>.</summary>
    internal static bool StopsGradient(NodeProto node) => node.OpType == "Identity" && node.Output[0].StartsWith(StoppedPrefix, StringComparison.Ordinal);

    internal static ValueInfoProto ValueInfo(TensorInfo info)
    {
        var shape = new TensorShapeProto();
        shape.Dim.AddRange(info.Shape.Select(d => new TensorShapeProto.Types.Dimension { DimValue = d }));
        return new ValueInfoProto { Name = info.Name, Type = new TypeProto { TensorType = new TypeProto.Types.Tensor { ElemType = (int)info.Type, Shape = shape } } };
    }

    private string Constant(string hint, TensorProto tensor)
    {
        var small = tensor.RawData.Length <= 1024;
        var key = (hint, !small ? "" : $"{tensor.DataType}|{string.Join(',', tensor.Dims)}|{tensor.RawData.ToBase64()}");
        if (small && _shared.TryGetValue(key, out var name))
            return name;
        tensor.Name = Unique("c_" + hint);
        Add(tensor);
        if (small)
            _shared[key] = tensor.Name;
        return tensor.Name;
    }

    private static NodeProto Node(string opType, string[] inputs, string[] outputs)
    {
        var node = new NodeProto { OpType = opType, Name = "node_" + outputs[0] };
        node.Input.AddRange(inputs);
        node.Output.AddRange(outputs);
        return node;
    }

    private void Know(TensorInfo info)
    {
        if (!_tensors.TryAdd(info.Name, info))
            throw new ArgumentException($"The graph already has a tensor {info.Name}.");
    }
}
