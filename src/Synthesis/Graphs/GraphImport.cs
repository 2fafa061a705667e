using PerceptionStudy.Synthesis.Graphs.Format;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>From a file's model to nodes in one dialect, with shapes and folded constants.</summary>
internal sealed class GraphImport
{
    /// <summary>Version of the file format that is written.</summary>
    public const long IrVersion = 10;

    private const int OldestOpset = 7;
    private const long OpenSide = 224;

    public required long FileOpset { get; init; }
    public required Dictionary<string, long> Opsets { get; init; }
    public required TensorInfo DeclaredInput { get; init; }
    public required TensorInfo Input { get; init; }
    public required IReadOnlyList<string> Outputs { get; init; }
    public required IReadOnlyList<NodeProto> Nodes { get; init; }
    public required Dictionary<string, TensorProto> Initializers { get; init; }
    public required Dictionary<string, TensorInfo> Tensors { get; init; }

    /// <param name="file">The model; it is not changed.</param>
    /// <param name="inputShape">Shape wanted for the input, or null.</param>
    /// <param name="madeForBatch">The batch size written into the file's reshapes, where it is to be replaced by that of <paramref name="inputShape"/>.</param>
    public static GraphImport Run(ModelProto file, long[]? inputShape, long? madeForBatch = null)
    {
        var opset = file.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(0).Max();
        if (opset < OldestOpset)
            throw new ModelFormatException($"The model uses operator set {opset}; export it again with operator set {OldestOpset} or newer.");
        if (file.Graph.Node.Count == 0)
            throw new ModelFormatException("The model has no operators; export it again.");

        var graph = file.Graph.Clone();
        DialectUpgrade.Run(graph, opset);
        var initializers = graph.Initializer.ToDictionary(t => t.Name);
        var declared = OnlyInput(graph, initializers);
        var input = declared with { Shape = Concrete(declared, inputShape) };
        if (madeForBatch is { } old)
            ReplaceBatch(graph, initializers, old, input.Shape[0]);

        var opsets = file.OpsetImport.Where(o => o.Domain is not ("" or "ai.onnx")).ToDictionary(o => o.Domain, o => o.Version);
        opsets[""] = Math.Max(opset, GraphBuilder.DialectOpset);
        var nodes = Sort(graph.Node, [input.Name, .. initializers.Keys]);
        var outputs = graph.Output.Select(o => o.Name).ToArray();

        var constant = ConstantFolding.Find(nodes, input.Name);
        var (tensors, values) = DryRun.Run(nodes, initializers.Values, input, opsets, constant);
        ExplicitPads.Run(nodes, tensors);
        nodes = ConstantFolding.Apply(nodes, constant, values, initializers, outputs);
        return new GraphImport
        {
            FileOpset = opset,
            Opsets = opsets,
            DeclaredInput = declared,
            Input = input,
            Outputs = outputs,
            Nodes = nodes,
            Initializers = initializers,
            Tensors = tensors,
        };
    }

    private static TensorInfo OnlyInput(GraphProto graph, Dictionary<string, TensorProto> initializers)
    {
        var inputs = graph.Input.Where(i => !initializers.ContainsKey(i.Name)).ToArray();
        if (inputs.Length != 1)
            throw new ModelFormatException(inputs.Length == 0
                ? "The model has no input; export it again with one input tensor."
                : $"The model has {inputs.Length} inputs ({string.Join(", ", inputs.Select(i => i.Name))}); only models with one input tensor can be used.");
        if (inputs[0].Type?.TensorType is not { } tensor)
            throw new ModelFormatException($"The model's input {inputs[0].Name} is not a tensor; export it again with one input tensor.");
        var type = (DataType)tensor.ElemType;
        if (type is not (DataType.Float or DataType.Double))
            throw new ModelFormatException($"The model's input {inputs[0].Name} is of type {type}; metamers need a float32 input, so export the model without the integer front end.");
        if (tensor.Shape is null)
            throw new ModelFormatException($"The model's input {inputs[0].Name} has no shape; export it with a fixed height and width.");
        return new TensorInfo(inputs[0].Name, type, [.. tensor.Shape.Dim.Select(d => d.HasDimValue && d.DimValue > 0 ? d.DimValue : -1)]);
    }

    private static long[] Concrete(TensorInfo declared, long[]? wanted)
    {
        var shape = declared.Shape;
        if (wanted is not null && (wanted.Length != shape.Length || wanted.Skip(1).Zip(shape.Skip(1)).Any(p => p.Second > 0 && p.First != p.Second)))
            throw new ModelFormatException($"The model's input {declared.Name} is {Shapes.Text(shape)}, not {Shapes.Text(wanted)}.");
        if (shape.Length < 2)
            throw new ModelFormatException($"The model's input {declared.Name} has {shape.Length} dimensions; it needs a batch dimension and at least one more.");
        if (wanted is not null)
            return wanted;

        var concrete = (long[])shape.Clone();
        for (var i = 0; i < concrete.Length; i++)
            if (concrete[i] < 0)
                concrete[i] = i == 0 ? 1
                    : shape.Length == 4 && (i == 2 || (i == 3 && shape[1] > 0) || (i == 1 && shape[3] is 1 or 3)) ? OpenSide
                    : throw new ModelFormatException($"The model's input {declared.Name} is {Shapes.Text(shape)}; export it with fixed dimensions (the first may stay open).");
        return concrete;
    }

    // A file made for batch 1 writes that 1 into the target of its reshapes.
    private static void ReplaceBatch(GraphProto graph, Dictionary<string, TensorProto> initializers, long old, long batch)
    {
        foreach (var node in graph.Node.Where(n => n.OpType is "Reshape" or "Expand" && initializers.ContainsKey(n.Input[1])))
        {
            var target = initializers[node.Input[1]].Longs();
            if (target.Length < 2 || target[0] != old)
                continue;
            target[0] = batch;
            var name = $"{node.Input[1]}_batch_{batch}_{initializers.Count}";
            initializers[name] = TensorData.Of(name, [target.Length], target);
            node.Input[1] = name;
        }
    }

    private static List<NodeProto> Sort(IEnumerable<NodeProto> nodes, HashSet<string> known)
    {
        var waiting = new LinkedList<NodeProto>(nodes);
        var sorted = new List<NodeProto>();
        while (waiting.Count > 0)
        {
            var before = sorted.Count;
            for (var at = waiting.First; at is not null;)
            {
                var next = at.Next;
                if (at.Value.Input.All(i => i.Length == 0 || known.Contains(i)))
                {
                    sorted.Add(at.Value);
                    known.UnionWith(at.Value.Output);
                    waiting.Remove(at);
                }
                at = next;
            }
            if (sorted.Count == before)
            {
                var node = waiting.First!.Value;
                throw new ModelFormatException($"Node {node.Called()} ({node.OpType}) reads {node.Input.First(i => i.Length > 0 && !known.Contains(i))}, which nothing makes; export the model again.");
            }
        }
        return sorted;
    }
}
