using PerceptionStudy.Synthesis.Graphs.Decompositions;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>From a file's model to nodes in one dialect, with shapes and folded constants.</summary>
internal sealed class GraphImport
{
    /// <summary>Version of the file format that is written.</summary>
    public const long IrVersion = 10;

    private const int OldestOpset = 7;

    /// <summary>The newest operator set that ONNX Runtime loads.</summary>
    internal const int NewestOpset = 26;

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
        if (opset > NewestOpset)
            throw new ModelFormatException($"The model uses operator set {opset}; this version reads up to operator set {NewestOpset}, so export it with an older one.");

        var model = file.Clone();
        FunctionInlining.Run(model);
        var graph = model.Graph;
        NodeCheck.Run(graph);
        DialectUpgrade.Run(graph, opset);
        SinglePrecision.Run(graph);
        var declared = SingleInput.Only(graph);
        var input = declared with { Shape = SingleInput.Concrete(declared, inputShape) };
        if (madeForBatch is { } old)
            ReplaceBatch(graph, old, input.Shape[0]);

        var opsets = UsedOpsets(model, opset);
        var outputs = graph.Output.Select(o => o.Name).ToArray();
        List<NodeProto> nodes;
        Dictionary<string, TensorProto> initializers;
        Dictionary<string, TensorInfo> tensors;
        do
        {
            NodeNames.MakeUnique(graph.Node);
            initializers = ByName(graph.Initializer);
            nodes = TopologicalOrder.Of(graph.Node, [input.Name, .. initializers.Keys]);
            EinsumEllipses.WriteOut(nodes, initializers, input, opsets);
            var constant = ConstantFolding.Find(nodes, input.Name);
            (tensors, var values) = DryRun.Run(nodes, initializers.Values, input, opsets, constant);
            if (Array.Find(outputs, o => !tensors.ContainsKey(o)) is { } missing)
                throw new ModelFormatException($"The model's output {missing} is not a tensor that it computes; export the model again.");
            nodes = ConstantFolding.Apply(nodes, constant, values, initializers, outputs);
        } while (ConstantBranches.Take(graph, initializers));

        ExplicitPads.Run(nodes, tensors);
        var builder = Decomposed(nodes, initializers, input, tensors, outputs);
        nodes = [.. builder.Nodes];
        initializers = builder.Constants.ToDictionary(c => c.Name);
        tensors = new(builder.Tensors);
        nodes = BatchNormalizationFolding.Run(nodes, initializers, outputs);
        nodes.ForEach(FusedNodes.Forget);
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

    // Every domain that a node still uses, after functions are gone.
    private static Dictionary<string, long> UsedOpsets(ModelProto model, long opset)
    {
        IEnumerable<string> Domains(IEnumerable<NodeProto> nodes) => nodes.SelectMany(n => Subgraphs.Of(n).SelectMany(g => Domains(g.Node)).Append(n.Domain));
        var used = Domains(model.Graph.Node).ToHashSet();
        var opsets = new Dictionary<string, long>();
        foreach (var set in model.OpsetImport.Where(o => o.Domain is not ("" or "ai.onnx") && used.Contains(o.Domain)))
            opsets[set.Domain] = set.Version;
        opsets[""] = Math.Max(opset, GraphBuilder.DialectOpset);
        return opsets;
    }

    private static Dictionary<string, TensorProto> ByName(IEnumerable<TensorProto> tensors)
    {
        var named = new Dictionary<string, TensorProto>();
        foreach (var tensor in tensors)
            if (!named.TryAdd(tensor.Name, tensor))
                throw new ModelFormatException($"The model has two weights called {tensor.Name}; export the model again.");
        return named;
    }

    private static GraphBuilder Decomposed(
        List<NodeProto> nodes, Dictionary<string, TensorProto> initializers, TensorInfo input, Dictionary<string, TensorInfo> tensors, string[] outputs)
    {
        var builder = new GraphBuilder();
        builder.Input(input.Name, input.Shape, input.Type);
        foreach (var constant in initializers.Values)
            builder.Add(constant);
        Decomposition.Run(nodes, nodes.SelectMany(Subgraphs.Reads).Concat(outputs).ToHashSet(), builder, tensors);
        NodeNames.MakeUnique(builder.Nodes);
        return builder;
    }

    // A file made for batch 1 writes that 1 into the target of its reshapes.
    private static void ReplaceBatch(GraphProto graph, long old, long batch)
    {
        var constants = ByName(graph.Initializer);
        foreach (var node in graph.Node.Where(n => n.OpType is "Reshape" or "Expand" && n.InputOrNull(1) is { } shape && constants.ContainsKey(shape)
            && !(n.OpType == "Reshape" && constants.ContainsKey(n.Input[0]))))
        {
            var target = constants[node.Input[1]].Longs();
            if (target.Length < 2 || target[0] != old)
                continue;
            target[0] = batch;
            var name = $"{node.Input[1]}_batch_{batch}_{graph.Initializer.Count}";
            graph.Initializer.Add(TensorData.Of(name, [target.Length], target));
            node.Input[1] = name;
        }
    }
}
