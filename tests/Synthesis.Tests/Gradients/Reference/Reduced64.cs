using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Sums, means, softmax and normalisation in float64.</summary>
internal static class Reduced64
{
    /// <summary>The axes that a reduction names; none named: all of them, unless the node says that none means none.</summary>
    public static HashSet<int> Axes(NodeProto node, long[]? named, int rank) => named is { Length: > 0 }
        ? [.. named.Select(a => Shapes.Axis(a, rank))]
        : node.Int("noop_with_empty_axes", 0) == 1 ? [] : [.. Enumerable.Range(0, rank)];

    public static Tensor64 Sum(Tensor64 x, HashSet<int> axes, long[] shape) =>
        x.Reduce(axes, 0, (sum, v) => sum + v) with { Shape = shape };

    public static Tensor64 Mean(Tensor64 x, HashSet<int> axes, long[] shape)
    {
        var count = axes.Aggregate(1.0, (product, axis) => product * x.Shape[axis]);
        return Sum(x, axes, shape).Map(v => v / count);
    }

    public static Tensor64 Softmax(Tensor64 x, int axis)
    {
        var highest = x.Reduce(new HashSet<int> { axis }, double.NegativeInfinity, Math.Max);
        var exponentials = Tensor64.Zip(x, highest, x.Shape, (v, m) => Math.Exp(v - m));
        return Tensor64.Zip(exponentials, exponentials.Reduce(new HashSet<int> { axis }, 0, (a, b) => a + b), x.Shape, (e, sum) => e / sum);
    }

    public static Tensor64 LayerNormalization(NodeProto node, Tensor64 x, Tensor64 scale, Tensor64? bias)
    {
        var first = Shapes.Axis(node.Int("axis", -1), x.Rank);
        HashSet<int> axes = [.. Enumerable.Range(first, x.Rank - first)];
        long[] kept = [.. x.Shape.Select((d, axis) => axes.Contains(axis) ? 1 : d)];
        var centred = Tensor64.Zip(x, Mean(x, axes, kept), x.Shape, (v, mean) => v - mean);
        var variance = Mean(centred.Map(v => v * v), axes, kept);
        var scaled = Tensor64.Zip(Tensor64.Zip(centred, variance, x.Shape, (v, var) => v / Math.Sqrt(var + node.Float("epsilon", 1e-5f))), scale, x.Shape, (v, s) => v * s);
        return bias is null ? scaled : Tensor64.Zip(scaled, bias, x.Shape, (v, b) => v + b);
    }

    public static Tensor64 BatchNormalization(NodeProto node, Tensor64 x, Tensor64 scale, Tensor64 bias, Tensor64 mean, Tensor64 variance)
    {
        var epsilon = node.Float("epsilon", 1e-5f);
        var plane = Tensor64.Size(x.Shape.Skip(2));
        return x with
        {
            Values = [.. x.Values.Select((v, i) =>
            {
                var c = i / plane % x.Shape[1];
                return (v - mean.Values[c]) / Math.Sqrt(variance.Values[c] + epsilon) * scale.Values[c] + bias.Values[c];
            })],
        };
    }
}
