using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests.Gradients.Reference;

/// <summary>Matrix products in float64.</summary>
internal static class Products64
{
    public static Tensor64 Gemm(NodeProto node, Tensor64 a, Tensor64 b, Tensor64? c, long[] shape)
    {
        if (node.Int("transA", 0) == 1)
            a = a.Transpose([1, 0]);
        if (node.Int("transB", 0) == 1)
            b = b.Transpose([1, 0]);
        var product = MatMul(a, b, shape).Map(v => v * node.Float("alpha", 1));
        return c is null ? product : Tensor64.Zip(product, c, shape, (p, bias) => p + node.Float("beta", 1) * bias);
    }

    public static Tensor64 MatMul(Tensor64 a, Tensor64 b, long[] shape)
    {
        if (a.Rank == 1)
            a = a with { Shape = [1, a.Shape[0]] };
        if (b.Rank == 1)
            b = b with { Shape = [b.Shape[0], 1] };
        long[] batch = [.. Shapes.Broadcast([a.Shape[..^2], b.Shape[..^2]])];
        var (rows, inner, columns) = (a.Shape[^2], a.Shape[^1], b.Shape[^1]);
        (a, b) = (a.Broadcast([.. batch, rows, inner]), b.Broadcast([.. batch, inner, columns]));
        var y = new Tensor64([.. batch, rows, columns]);
        for (var i = 0L; i < y.Values.Length; i++)
        {
            var (n, r, c) = (i / (rows * columns), i / columns % rows, i % columns);
            for (var k = 0L; k < inner; k++)
                y.Values[i] += a.Values[(n * rows + r) * inner + k] * b.Values[(n * inner + k) * columns + c];
        }
        return y with { Shape = shape };
    }

    /// <summary>Sums over every assignment of indices to letters; import has written out ellipses.</summary>
    public static Tensor64 Einsum(NodeProto node, Tensor64[] operands, long[] shape)
    {
        var sides = node.Text("equation", "").Replace(" ", "", StringComparison.Ordinal).Split("->");
        var terms = sides[0].Split(',');
        var result = sides.Length > 1 ? sides[1] : string.Concat(string.Concat(terms).GroupBy(c => c).Where(g => g.Count() == 1).Select(g => g.Key).Order());

        var sizes = terms.Zip(operands).SelectMany(p => p.First.Select((c, axis) => (c, p.Second.Shape[axis]))).GroupBy(p => p.c).ToDictionary(g => g.Key, g => g.Max(p => p.Item2));
        char[] letters = [.. sizes.Keys];
        var y = new Tensor64(shape);
        foreach (var index in Tensor64.Indices([.. letters.Select(c => sizes[c])]))
        {
            long At(string term, long[] dims) => term.Select((c, axis) => dims[axis] == 1 ? 0 : index[Array.IndexOf(letters, c)] * Tensor64.Strides(dims)[axis]).Sum();
            y.Values[At(result, shape)] += terms.Zip(operands).Aggregate(1.0, (product, p) => product * p.Second.Values[At(p.First, p.Second.Shape)]);
        }
        return y;
    }
}
