using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Kernels;

/// <summary>Takes away nodes and constants on which no output of a graph depends any more.</summary>
internal static class UnreadNodes
{
    /// <param name="graph">The graph, its nodes in topological order; it is changed.</param>
    public static void Remove(GraphProto graph)
    {
        var read = graph.Output.Select(o => o.Name).ToHashSet();
        var nodes = new Stack<NodeProto>();
        foreach (var node in graph.Node.Reverse().Where(n => n.Output.Any(read.Contains)))
        {
            nodes.Push(node);
            read.UnionWith(Subgraphs.Reads(node));
        }
        NodeProto[] kept = [.. nodes];
        TensorProto[] constants = [.. graph.Initializer.Where(c => read.Contains(c.Name))];
        graph.Node.Clear();
        graph.Node.AddRange(kept);
        graph.Initializer.Clear();
        graph.Initializer.AddRange(constants);
    }
}
