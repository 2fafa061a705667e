using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Puts the operators of our own in the place of the nodes that do the same (<see cref="GraphBuilder.Fused"/>), and takes away what is not read then.</summary>
internal static class FusedNodes
{
    private const string Key = "perceptionstudy.fused";

    /// <summary>Notes at a node that another can stand in its place.</summary>
    /// <param name="node">The node.</param>
    /// <param name="fused">The other; its outputs are those of the first.</param>
    public static void Note(NodeProto node, NodeProto fused) =>
        node.MetadataProps.Add(new StringStringEntryProto { Key = Key, Value = Convert.ToBase64String(Google.Protobuf.MessageExtensions.ToByteArray(fused)) });

    /// <summary>Takes such a note away: what a file says is not ours.</summary>
    public static void Forget(NodeProto node)
    {
        while (node.MetadataProps.FirstOrDefault(p => p.Key == Key) is { } entry)
            node.MetadataProps.Remove(entry);
    }

    /// <param name="graph">A graph as <see cref="GraphBuilder.ToModel"/> writes it; it is changed.</param>
    public static void Run(GraphProto graph)
    {
        NodeProto[] nodes = [.. graph.Node.Select(node => Noted(node) ?? node)];
        graph.Node.Clear();
        graph.Node.AddRange(nodes);
        UnreadNodes.Remove(graph);
    }

    private static NodeProto? Noted(NodeProto node)
    {
        if (node.MetadataProps.FirstOrDefault(p => p.Key == Key) is not { } entry)
            return null;
        var fused = NodeProto.Parser.ParseFrom(Convert.FromBase64String(entry.Value));
        fused.Name = node.Name;
        fused.Output.AddRange(node.Output);
        return fused;
    }
}
