using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>The graphs inside a node: the branches of If, the bodies of Loop and Scan.</summary>
internal static class Subgraphs
{
    public static IEnumerable<GraphProto> Of(NodeProto node) => node.Attribute.SelectMany(a => a.G is { } one ? a.Graphs.Prepend(one) : a.Graphs);

    /// <summary>Whether a node holds graphs.</summary>
    public static bool Has(NodeProto node) => node.Attribute.Any(a => a.G is not null || a.Graphs.Count > 0);

    /// <summary>Everything that a node reads: its inputs, and the outer tensors that its graphs name.</summary>
    public static IEnumerable<string> Reads(NodeProto node) =>
        node.Input.Where(i => i.Length > 0).Concat(Of(node).SelectMany(OuterReads));

    /// <summary>Every tensor that a model holds: weights, and constants in attributes, in functions and inner graphs too.</summary>
    public static IEnumerable<TensorProto> Constants(ModelProto model) =>
        Constants(model.Graph).Concat(model.Functions.SelectMany(f => f.Node).SelectMany(Constants));

    private static IEnumerable<TensorProto> Constants(GraphProto graph) => graph.Initializer.Concat(graph.Node.SelectMany(Constants));

    private static IEnumerable<TensorProto> Constants(NodeProto node) =>
        node.Attribute.Where(a => a.T is not null).Select(a => a.T).Concat(node.Attribute.SelectMany(a => a.Tensors)).Concat(Of(node).SelectMany(Constants));

    /// <summary>Gives every tensor of a node, and of the graphs inside it, a new name.</summary>
    public static void Rename(NodeProto node, Func<string, string> renamed)
    {
        for (var i = 0; i < node.Input.Count; i++)
            node.Input[i] = renamed(node.Input[i]);
        for (var i = 0; i < node.Output.Count; i++)
            node.Output[i] = renamed(node.Output[i]);
        foreach (var graph in Of(node))
        {
            foreach (var value in graph.Input.Concat(graph.Output).Concat(graph.ValueInfo))
                value.Name = renamed(value.Name);
            foreach (var constant in graph.Initializer)
                constant.Name = renamed(constant.Name);
            foreach (var inner in graph.Node)
                Rename(inner, renamed);
        }
    }

    private static IEnumerable<string> OuterReads(GraphProto graph)
    {
        var inside = graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(t => t.Name)).Concat(graph.Node.SelectMany(n => n.Output)).ToHashSet();
        return graph.Node.SelectMany(Reads).Concat(graph.Output.Select(o => o.Name)).Where(name => !inside.Contains(name));
    }
}
