using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>
/// Writes ellipses in the equations of Einsum as letters, before ONNX Runtime sees them: 1.31.1 ends the process where two of them stand for
/// different numbers of axes, or the result has letters that no operand has, instead of refusing the model.
/// </summary>
internal static class EinsumEllipses
{
    /// <param name="nodes">The nodes in topological order; equations among them are changed.</param>
    /// <param name="initializers">The weights.</param>
    /// <param name="input">The model's input.</param>
    /// <param name="opsets">Operator sets of the nodes.</param>
    /// <exception cref="ModelFormatException">An equation does not fit its operands.</exception>
    public static void WriteOut(IReadOnlyList<NodeProto> nodes, Dictionary<string, TensorProto> initializers, TensorInfo input, Dictionary<string, long> opsets)
    {
        foreach (var inner in nodes.SelectMany(Inner).Where(HasEllipsis))
            throw new ModelFormatException($"Node {inner.Called()} (Einsum) is inside a branch or a loop, and its equation has an ellipsis; write a letter for each axis and export the model again.");
        var ranks = initializers.Values.ToDictionary(t => t.Name, t => t.Dims.Count);
        ranks[input.Name] = input.Shape.Length;
        foreach (var node in nodes.Where(HasEllipsis))
        {
            if (!node.Input.All(ranks.ContainsKey))
                foreach (var (name, tensor) in DryRun.Run(Before(node, nodes), initializers.Values, input, opsets, []).Tensors)
                    ranks[name] = tensor.Shape.Length;
            node.Set("equation", EinsumEquation.Parse(node, [.. node.Input.Select(i => ranks[i])]).ToString());
        }
    }

    private static bool HasEllipsis(NodeProto node) => node.OpType == "Einsum" && EinsumEquation.HasEllipsis(node.Text("equation", ""));

    private static IEnumerable<NodeProto> Inner(NodeProto node) => Subgraphs.Of(node).SelectMany(g => g.Node).SelectMany(n => Inner(n).Prepend(n));

    // What its operands are made of.
    private static List<NodeProto> Before(NodeProto node, IReadOnlyList<NodeProto> nodes)
    {
        var needed = node.Input.ToHashSet();
        var before = new List<NodeProto>();
        foreach (var earlier in nodes.Reverse().Where(n => n.Output.Any(needed.Contains)))
        {
            before.Insert(0, earlier);
            needed.UnionWith(Subgraphs.Reads(earlier));
        }
        return before;
    }
}
