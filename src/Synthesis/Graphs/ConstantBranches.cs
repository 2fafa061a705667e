using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Puts the branch that is taken in the place of an If whose condition does not depend on the input's values: exporters ask so
/// about shapes (PyTorch's squeeze does), and all shapes are known.
/// </summary>
internal static class ConstantBranches
{
    /// <param name="graph">The graph; it is changed.</param>
    /// <param name="conditions">Tensors that are constant.</param>
    /// <returns>Whether there was such an If.</returns>
    public static bool Take(GraphProto graph, IReadOnlyDictionary<string, TensorProto> conditions)
    {
        var nodes = graph.Node.ToArray();
        graph.Node.Clear();
        foreach (var node in nodes)
            if (node.OpType == "If" && node.Domain.Length == 0 && node.InputOrNull(0) is { } name && conditions.TryGetValue(name, out var condition))
                Inline(graph, node, node.Attribute(IsTrue(condition) ? "then_branch" : "else_branch")?.G ?? throw new ModelFormatException($"Node {node.Called()} (If) lacks a branch; export the model again."));
            else
                graph.Node.Add(node);
        return graph.Node.Count != nodes.Length || !graph.Node.SequenceEqual(nodes);
    }

    private static bool IsTrue(TensorProto condition) => condition.RawData.Any(v => v != 0) || condition.Int32Data.Any(v => v != 0);

    private static void Inline(GraphProto graph, NodeProto call, GraphProto branch)
    {
        var inside = branch.Initializer.Select(t => t.Name).Concat(branch.Node.SelectMany(n => n.Output)).Where(n => n.Length > 0).ToHashSet();
        var prefix = call.Output.First(o => o.Length > 0);
        var names = inside.ToDictionary(n => n, n => $"{prefix}/{n}");
        string Renamed(string name) => names.GetValueOrDefault(name, name);

        foreach (var constant in branch.Initializer)
        {
            var renamed = constant.Clone();
            renamed.Name = Renamed(constant.Name);
            graph.Initializer.Add(renamed);
        }
        foreach (var inner in branch.Node)
        {
            var node = inner.Clone();
            Subgraphs.Rename(node, Renamed);
            graph.Node.Add(node);
        }
        for (var i = 0; i < Math.Min(call.Output.Count, branch.Output.Count); i++)
            if (call.Output[i].Length > 0)
            {
                var identity = new NodeProto { OpType = "Identity", Name = $"{call.Called()}_{i}" };
                identity.Input.Add(Renamed(branch.Output[i].Name));
                identity.Output.Add(call.Output[i]);
                graph.Node.Add(identity);
            }
    }
}
