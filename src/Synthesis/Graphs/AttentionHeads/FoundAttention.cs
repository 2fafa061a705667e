using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;
using DataType = PerceptionStudy.Synthesis.Graphs.Format.TensorProto.Types.DataType;

namespace PerceptionStudy.Synthesis.Graphs.AttentionHeads;

/// <summary>Attention in a graph: softmax(factor · Q · Kᵀ) · V.</summary>
/// <param name="Softmax">The node that makes the weights.</param>
/// <param name="Scores">The product of queries and keys.</param>
/// <param name="Result">The product of weights and values.</param>
/// <param name="Factor">What the scores are multiplied with behind their product.</param>
/// <param name="Query">Queries where they come from; as all views here it runs over pictures, heads, rows and the values of a row, which lie side by side.</param>
/// <param name="Key">Keys.</param>
/// <param name="Value">Values; nothing multiplies them.</param>
internal sealed record FoundAttention(NodeProto Softmax, NodeProto Scores, NodeProto Result, double Factor, TensorView Query, TensorView Key, TensorView Value)
{
    /// <summary>Indices of views.</summary>
    public const int Rows = 2, Values = 3;

    // A head's gradients at its scores are held in memory, by each thread one's.
    private const long MostScores = 1 << 24;

    /// <summary>The attention around a Softmax, or null where there is none of a kind that <see cref="AttentionOperator"/> computes.</summary>
    public static FoundAttention? At(NodeProto softmax, GraphNodes nodes)
    {
        var shape = nodes.Shape(softmax.Input[0]);
        if (shape.Length is not (3 or 4) || shape[^1] < HeadProducts.Rows || shape[^2] < HeadProducts.Rows || shape[^1] * shape[^2] > MostScores
            || Shapes.Axis(softmax.Int("axis", -1), shape.Length) != shape.Length - 1 || nodes.Tensors.GetValueOrDefault(softmax.Input[0])?.Type != DataType.Float)
            return null;
        var scores = nodes.Producer(softmax.Input[0]);
        var factor = 1.0;
        if (scores is not null && Scalars.Multiplied(scores, nodes.Constants.GetValueOrDefault) is var (scaled, number))
            (factor, scores) = (number, nodes.Producer(scaled));
        if (scores is not { OpType: "MatMul", Domain.Length: 0 } || nodes.Only(softmax.Output[0], r => r.OpType == "MatMul" && r.Input[0] == softmax.Output[0]) is not { } result
            || Heads(scores.Input[0], nodes) is not { } queries || Heads(scores.Input[1], nodes)?.With(0, 1, 3, 2) is not { } keys || Heads(result.Input[1], nodes) is not { } values
            || !keys.Extents.SequenceEqual(values.Extents) || !queries.Extents[..Rows].SequenceEqual(keys.Extents[..Rows]) || values.Extents[Values] % HeadPanels.Columns != 0)
            return null;
        return Lying(queries, nodes) is { } query && Lying(keys, nodes) is { } key && Lying(values, nodes, multiplied: false) is { } value
            ? new(softmax, scores, result, factor, query, key, value) : null;
    }

    /// <summary>A view of a tensor of heads, or null where a constant is one or it has other dimensions.</summary>
    public static TensorView? Heads(string tensor, GraphNodes nodes) => nodes.Constants.ContainsKey(tensor) ? null
        : nodes.Shape(tensor) is { Length: 3 or 4 } shape ? TensorView.Whole(tensor, shape.Length == 3 ? [1, .. shape] : shape) : null;

    /// <summary>A view as far up as the values of a row lie side by side; null where they do nowhere.</summary>
    /// <param name="view">The view.</param>
    /// <param name="nodes">The graph.</param>
    /// <param name="multiplied">Whether something may multiply the values on the way.</param>
    public static TensorView? Lying(TensorView view, GraphNodes nodes, bool multiplied = true) => view.Sources(nodes).LastOrDefault(v => v.Strides[Values] == 1 && (multiplied || v.Factor == 1));
}
