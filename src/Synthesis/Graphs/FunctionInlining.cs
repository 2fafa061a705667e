using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Puts the bodies of a model's own functions in the place of their calls, as the exporters that write functions (PyTorch's dynamo
/// exporter, onnxscript) mean them. A tensor inside a body is called after the call's first output, which is unique.
/// </summary>
internal static class FunctionInlining
{
    // Functions that call functions can make a small file enormous.
    private const int MostNodes = 200_000;

    /// <param name="model">The model; calls in its graph are replaced, its functions are taken away.</param>
    /// <exception cref="ModelFormatException">A function calls itself, or its operator set is not the model's.</exception>
    public static void Run(ModelProto model)
    {
        if (model.Functions.Count == 0)
            return;
        var functions = new Dictionary<(string, string, string), FunctionProto>();
        foreach (var function in model.Functions)
            functions[(function.Domain, function.Name, function.Overload)] = function;
        var opset = Opset(model.OpsetImport);
        var nodes = new List<NodeProto>();
        var left = MostNodes;
        foreach (var node in model.Graph.Node)
            Expand(node, []);
        model.Graph.Node.Clear();
        model.Graph.Node.AddRange(nodes);
        model.Functions.Clear();

        void Expand(NodeProto node, HashSet<FunctionProto> within)
        {
            if (--left < 0)
                throw new ModelFormatException($"The model's functions make more than {MostNodes} operators; export the model without functions.");
            if (!functions.TryGetValue((node.Domain, node.OpType, node.Overload), out var function))
            {
                nodes.Add(node);
                return;
            }
            if (!within.Add(function))
                throw new ModelFormatException($"The function {function.Name} of the model calls itself; export the model again.");
            if (Opset(function.OpsetImport) is { } own && own != opset && Math.Min(own, opset ?? 0) < GraphBuilder.DialectOpset)
                throw new ModelFormatException($"The function {function.Name} uses operator set {own}, the model {opset}; export the model with operator set {GraphBuilder.DialectOpset} or newer.");
            foreach (var inner in Body(function, node))
                Expand(inner, within);
            within.Remove(function);
        }
    }

    private static long? Opset(IEnumerable<OperatorSetIdProto> sets) => sets.FirstOrDefault(o => o.Domain is "" or "ai.onnx")?.Version;

    private static IEnumerable<NodeProto> Body(FunctionProto function, NodeProto call)
    {
        var names = new Dictionary<string, string>();
        for (var i = 0; i < function.Input.Count; i++)
            names[function.Input[i]] = i < call.Input.Count ? call.Input[i] : "";
        var prefix = call.Output.FirstOrDefault(o => o.Length > 0) ?? call.Name;
        var passed = new List<NodeProto>();
        for (var i = 0; i < Math.Min(function.Output.Count, call.Output.Count); i++)
            if (call.Output[i].Length > 0 && !names.TryAdd(function.Output[i], call.Output[i]))
            {
                // An output that is an input, or that is given out twice.
                var identity = new NodeProto { OpType = "Identity", Name = $"{call.Called()}_{i}" };
                identity.Input.Add(names[function.Output[i]]);
                identity.Output.Add(call.Output[i]);
                passed.Add(identity);
            }
        string Renamed(string name) => name.Length == 0 ? "" : names.TryGetValue(name, out var outer) ? outer : $"{prefix}/{name}";

        foreach (var inner in function.Node)
        {
            var node = inner.Clone();
            node.Name = inner.Name.Length > 0 ? $"{call.Called()}/{inner.Name}" : "";
            // Where the body's nodes tell no origin, the call's is theirs.
            if (node.MetadataProps.Count == 0)
                node.MetadataProps.AddRange(call.MetadataProps);
            Subgraphs.Rename(node, Renamed);
            BindAttributes(node, function, call);
            yield return node;
        }
        foreach (var identity in passed)
            yield return identity;
    }

    private static void BindAttributes(NodeProto node, FunctionProto function, NodeProto call)
    {
        foreach (var reference in node.Attribute.Where(a => a.RefAttrName.Length > 0).ToArray())
        {
            node.Attribute.Remove(reference);
            var value = call.Attribute(reference.RefAttrName) ?? function.AttributeProto.FirstOrDefault(a => a.Name == reference.RefAttrName);
            if (value is null)
                continue;
            var bound = value.Clone();
            bound.Name = reference.Name;
            node.Attribute.Add(bound);
        }
        foreach (var graph in Subgraphs.Of(node))
            foreach (var inner in graph.Node)
                BindAttributes(inner, function, call);
    }
}
