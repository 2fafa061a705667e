using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>
/// Finds attention, softmax(Q · Kᵀ) · V, and its gradient, and writes each as one operator that takes queries, keys and values where the dense layers leave them, and puts results
/// where the next ones read them. What has a bias or a mask at its scores, fewer than 12 queries or keys, or heads that are no multiple of 32 wide, stays as it is.
/// </summary>
internal static class AttentionFusion
{
    private const int Rows = FoundAttention.Rows, Values = FoundAttention.Values;

    /// <param name="graph">A graph as <see cref="GraphBuilder.ToModel"/> writes it, after <see cref="FusedNodes"/>; it is changed.</param>
    public static void Run(GraphProto graph)
    {
        var nodes = new GraphNodes(graph);
        var rewritten = false;
        foreach (var softmax in graph.Node.Where(n => n is { OpType: "Softmax", Domain.Length: 0 }).ToArray())
            if (FoundAttention.At(softmax, nodes) is { } found)
                rewritten |= Forward(graph, nodes, found) | Gradient(graph, nodes, found);
        if (!rewritten)
            return;
        var sorted = TopologicalOrder.Of([.. graph.Node], graph.Input.Select(i => i.Name).Concat(graph.Initializer.Select(i => i.Name)));
        graph.Node.Clear();
        graph.Node.AddRange(sorted);
        UnreadNodes.Remove(graph);
    }

    private static bool Forward(GraphProto graph, GraphNodes nodes, FoundAttention found)
    {
        if (Destination(found.Result, nodes, multiplied: false) is not { } result)
            return false;
        var node = new NodeProto { Name = found.Result.Name, OpType = AttentionOperator.Name, Domain = CpuKernels.Domain };
        node.Input.AddRange([found.Query.Tensor, found.Key.Tensor, found.Value.Tensor]);
        node.Output.AddRange([result.Tensor, found.Softmax.Output[0]]);
        return Replace(graph, nodes, node, [.. Sizes(found, 1, 1), .. Layout(result), .. nodes.Shape(result.Tensor), 0, .. nodes.Shape(found.Softmax.Output[0]), 0]);
    }

    private static bool Gradient(GraphProto graph, GraphNodes nodes, FoundAttention found)
    {
        var weights = found.Softmax.Output[0];
        // Of the gradient at the weights that at the scores; and from that the gradients at queries and keys.
        if (nodes.Only(weights, r => r.OpType == SoftmaxGradient.Name && r.Input[0] == weights) is not { } toScores
            || nodes.Producer(toScores.Input[1]) is not { OpType: "MatMul" } toWeights || !IsTranspose(toWeights.Input[1], found.Result.Input[1], nodes)
            || FoundAttention.Heads(toWeights.Input[0], nodes) is not { } gradients || FoundAttention.Lying(gradients, nodes, multiplied: false) is not { } gradient)
            return false;
        if (found.Factor != 1)
            if (nodes.OnlyReader(toScores) is { } scaling && Scalars.Multiplied(scaling, nodes.Constants.GetValueOrDefault) is var (_, factor) && factor == found.Factor)
                toScores = scaling;
            else
                return false;
        var scores = toScores.Output[0];
        if (nodes.Only(scores, r => r.OpType == "MatMul" && r.Input[0] == scores && IsTranspose(r.Input[1], found.Scores.Input[1], nodes)) is not { } toQueries
            || nodes.Only(scores, r => r.OpType == "MatMul" && r.Input[1] == scores && IsTranspose(r.Input[0], found.Scores.Input[0], nodes)) is not { } toKeys
            || nodes.Only(toWeights.Input[0], r => r.OpType == "MatMul" && r.Input[1] == toWeights.Input[0] && IsTranspose(r.Input[0], weights, nodes)) is not { } toValues)
            return false;
        if (Destination(toQueries, nodes) is not { } query || Destination(toKeys, nodes, turned: true) is not { } key || Destination(toValues, nodes, multiplied: false) is not { } value)
            return false;
        var together = Together([query, key, value], nodes);
        TensorView[] results = together ?? [query, key, value];
        var node = new NodeProto { Name = toQueries.Name, OpType = together is null ? AttentionGradientOperator.Name : AttentionGradientOperator.TogetherName, Domain = CpuKernels.Domain };
        node.Input.AddRange([found.Query.Tensor, found.Key.Tensor, found.Value.Tensor, weights, gradient.Tensor]);
        node.Output.AddRange(results.Select(r => r.Tensor).Distinct());
        // Queries and keys as the products read them are multiplied with numbers already.
        return Replace(graph, nodes, node, [.. Sizes(found, found.Factor * found.Key.Factor * query.Factor, found.Factor * found.Query.Factor * key.Factor), .. Layout(gradient), .. results.SelectMany(Layout),
            .. node.Output.SelectMany(o => (long[])[.. nodes.Shape(o), 0])]);
    }

    // Whether a tensor is another with its last two dimensions exchanged.
    private static bool IsTranspose(string tensor, string of, GraphNodes nodes) =>
        nodes.Producer(tensor) is { OpType: "Transpose" } node && node.Input[0] == of && node.Ints("perm") is [.. var before, var last, var first]
        && last == before.Length + 1 && first == before.Length && before.Select((d, i) => d == i).All(same => same);

    // Where the result of a product goes, which may be a transpose; as far down as the values of a row lie side by side.
    private static TensorView? Destination(NodeProto product, GraphNodes nodes, bool turned = false, bool multiplied = true) =>
        FoundAttention.Heads(product.Output[0], nodes) is not { } view ? null
            : (turned ? view.With(0, 1, 3, 2) : view).Destinations(nodes).LastOrDefault(v => v.Strides[Values] == 1 && (multiplied || v.Factor == 1));

    // The three in one tensor, where a Concat of nothing else joins them; or null.
    private static TensorView[]? Together(TensorView[] views, GraphNodes nodes)
    {
        NodeProto?[] readers = [.. views.Select(v => nodes.OnlyReader(nodes.Producer(v.Tensor)!))];
        if (readers is not [{ OpType: "Concat", Input.Count: 3 } concat, var second, var third] || second != concat || third != concat || views.DistinctBy(v => v.Tensor).Count() != 3)
            return null;
        TensorView?[] joined = [.. views.Select(v => v.In(concat, nodes))];
        TensorView[]? last = null;
        foreach (var step in Steps())
            if (step.All(v => v.Strides[Values] == 1) && step[Values - 1].Factor == 1)
                last = step;
        return last;

        // All three take the same way.
        IEnumerable<TensorView[]> Steps()
        {
            if (joined is not [{ } a, { } b, { } c])
                yield break;
            foreach (var ((x, y), z) in a.Destinations(nodes).Zip(b.Destinations(nodes)).Zip(c.Destinations(nodes)))
                yield return [x, y, z];
        }
    }

    // Sizes, factors as bits, and where queries, keys and values lie.
    private static long[] Sizes(FoundAttention found, double queryFactor, double keyFactor)
    {
        static long Bits(double number) => BitConverter.SingleToInt32Bits((float)number);
        var extents = found.Query.Extents;
        return
        [
            extents[0], extents[1], extents[Rows], found.Key.Extents[Rows], extents[Values], Bits(found.Factor * found.Query.Factor * found.Key.Factor), Bits(queryFactor), Bits(keyFactor),
            .. Layout(found.Query), .. Layout(found.Key), .. Layout(found.Value),
        ];
    }

    private static long[] Layout(TensorView view) => [view.First, .. view.Strides[..Values]];

    // In the place of the nodes that make the same tensors.
    private static bool Replace(GraphProto graph, GraphNodes nodes, NodeProto node, long[] sizes)
    {
        if (sizes.Length > OrtOperator.MostSizes)
            return false;
        node.Set(OrtOperator.Sizes, sizes);
        foreach (var tensor in node.Output)
            graph.Node.Remove(nodes.Producer(tensor)!);
        graph.Node.Add(node);
        return true;
    }
}
