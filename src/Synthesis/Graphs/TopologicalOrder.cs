using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Nodes in an order in which they can be computed; the file's own order where it is one.</summary>
internal static class TopologicalOrder
{
    /// <param name="nodes">Nodes in any order.</param>
    /// <param name="known">Tensors that are there from the beginning.</param>
    /// <exception cref="ModelFormatException">Something is read that nothing makes, or that depends on its own reader.</exception>
    public static List<NodeProto> Of(IReadOnlyList<NodeProto> nodes, IEnumerable<string> known)
    {
        var made = known.ToHashSet();
        var waiting = new int[nodes.Count];
        var readers = new Dictionary<string, List<int>>();
        var ready = new PriorityQueue<int, int>();
        for (var i = 0; i < nodes.Count; i++)
        {
            foreach (var tensor in Subgraphs.Reads(nodes[i]).Where(t => !made.Contains(t)).Distinct())
            {
                waiting[i]++;
                if (!readers.TryGetValue(tensor, out var list))
                    readers[tensor] = list = [];
                list.Add(i);
            }
            if (waiting[i] == 0)
                ready.Enqueue(i, i);
        }

        var order = new List<NodeProto>();
        while (ready.TryDequeue(out var i, out _))
        {
            order.Add(nodes[i]);
            foreach (var output in nodes[i].Output.Where(o => o.Length > 0 && made.Add(o)))
                foreach (var reader in readers.GetValueOrDefault(output, []).Where(r => --waiting[r] == 0))
                    ready.Enqueue(reader, reader);
        }
        if (order.Count < nodes.Count)
            throw Stuck(nodes, order, made);
        return order;
    }

    private static ModelFormatException Stuck(IReadOnlyList<NodeProto> nodes, List<NodeProto> order, HashSet<string> made)
    {
        var left = nodes.Except(order).ToArray();
        var promised = left.SelectMany(n => n.Output).ToHashSet();
        foreach (var node in left)
            if (Subgraphs.Reads(node).FirstOrDefault(t => !made.Contains(t) && !promised.Contains(t)) is { } missing)
                return new($"Node {node.Called()} ({node.OpType}) reads {missing}, which nothing makes; export the model again.");
        var stuck = left[0];
        return new($"Node {stuck.Called()} ({stuck.OpType}) reads {Subgraphs.Reads(stuck).First(t => !made.Contains(t))}, which is made from its own result; the graph has a cycle, so export the model again.");
    }
}
