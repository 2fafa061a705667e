using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Parts;

/// <summary>
/// Computes of each tensor only the part that some tensors of a model depend on: behind the last attention of a transformer that decides by its class token, one token
/// instead of all, there and, as the backward pass is written from what stands here, on the way back. What the model takes (Gather, Slice) is taken as early as it can be.
/// </summary>
internal sealed class NeededParts
{
    private readonly OnnxGraph graph;

    // What is needed of each tensor; null: all.
    private readonly Dictionary<string, Part?> needed;
    private readonly Dictionary<(string Tensor, Part Part), string> taken = [];

    private NeededParts(OnnxGraph graph, IReadOnlyCollection<NodeProto> nodes, IEnumerable<string> tensors)
    {
        this.graph = graph;
        needed = tensors.ToDictionary(t => t, _ => (Part?)null);
        foreach (var node in nodes.Reverse())
        {
            var inputs = Inputs(node) ?? new Part?[node.Input.Count];
            for (var i = 0; i < node.Input.Count; i++)
                Need(node.Input[i], inputs[i]);
            foreach (var other in Subgraphs.Reads(node).Except(node.Input))
                Need(other, null);
        }
    }

    /// <summary>Adds nodes of a model to a graph, without the model's constants that they read.</summary>
    /// <param name="builder">The graph.</param>
    /// <param name="graph">The model.</param>
    /// <param name="nodes">The nodes, in order.</param>
    /// <param name="tensors">Tensors that are needed whole.</param>
    public static void Add(GraphBuilder builder, OnnxGraph graph, IReadOnlyCollection<NodeProto> nodes, IEnumerable<string> tensors)
    {
        var parts = new NeededParts(graph, nodes, tensors);
        builder.Reserve(graph.Tensors.Keys);
        foreach (var node in nodes)
            parts.Add(builder, node);
    }

    // The parts of its inputs with which a node computes what is needed of its result, or null where it needs them whole.
    private Part?[]? Inputs(NodeProto node)
    {
        if (needed.GetValueOrDefault(node.Output[0]) is { } part)
            return PartRule.Inputs(node, part, graph);
        // Taken earlier than here only if what makes it gains by that.
        return Part.TakenBy(node, graph) is { } own && PartRule.Inputs(graph.Producers[node.Input[0]], own, graph) is not null
            ? [own, .. new Part?[node.Input.Count - 1]] : null;
    }

    private void Need(string tensor, Part? part) => needed[tensor] = needed.TryGetValue(tensor, out var before) && before != part ? null : part;

    private void Add(GraphBuilder builder, NodeProto node)
    {
        var output = node.Output[0];
        if (needed.GetValueOrDefault(output) is { } part && PartRule.Inputs(node, part, graph) is { } inputs)
        {
            var smaller = node.Clone();
            for (var i = 0; i < inputs.Length; i++)
                if (inputs[i] is { } ofInput)
                    smaller.Input[i] = Take(builder, node.Input[i], ofInput);
            var result = Name(builder, output, part);
            if (node.OpType == "Reshape")
                smaller.Input[1] = Integers(builder, result.Shape);
            smaller.Output[0] = result.Name;
            builder.Add(smaller, result);
        }
        else if (needed.GetValueOrDefault(output) is null && Part.TakenBy(node, graph) is { } own && needed[node.Input[0]] == own)
        {
            var reshape = new NodeProto { OpType = "Reshape", Name = node.Name, Input = { Take(builder, node.Input[0], own), Integers(builder, graph.Tensors[output].Shape) }, Output = { output } };
            builder.Add(reshape, graph.Tensors[output]);
        }
        else
        {
            builder.Add(node.Clone(), [.. node.Output.Where(graph.Tensors.ContainsKey).Select(o => graph.Tensors[o])]);
        }
    }

    // The part of a tensor under a name of its own: made so, or taken where all of it is.
    private string Take(GraphBuilder builder, string tensor, Part part)
    {
        if (taken.TryGetValue((tensor, part), out var name))
            return name;
        var result = Name(builder, tensor, part);
        builder.Add(new NodeProto
        {
            OpType = "Slice", Name = $"node_{result.Name}", Output = { result.Name },
            Input = { tensor, Integers(builder, [part.Start]), Integers(builder, [part.Start + part.Count]), Integers(builder, [part.Axis]) },
        }, result);
        return result.Name;
    }

    private TensorInfo Name(GraphBuilder builder, string tensor, Part part)
    {
        var whole = graph.Tensors[tensor];
        var result = whole with { Name = builder.Unique("ps_part"), Shape = whole.Shape.With(part.Axis, part.Count) };
        taken.Add((tensor, part), result.Name);
        return result;
    }

    // Under a name that no other graph has, into which the nodes may be taken over.
    private static string Integers(GraphBuilder builder, long[] values)
    {
        var constant = TensorData.Of(builder.Unique("ps_part_numbers"), [values.Length], values);
        builder.Add(constant);
        return constant.Name;
    }
}
