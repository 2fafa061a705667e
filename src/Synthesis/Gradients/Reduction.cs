using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>What the gradients of the Reduce operators share.</summary>
internal static class Reduction
{
    /// <summary>The axes that a node reduces over, counted from the start.</summary>
    public static long[] Axes(ForwardNode node)
    {
        var rank = node.InputShape(0).Length;
        var axes = node.Integers(1) ?? [];
        return axes.Length > 0 ? [.. axes.Select(a => (long)Shapes.Axis(a, rank))]
            : node.Proto.Int("noop_with_empty_axes", 0) != 0 ? [] : [.. Enumerable.Range(0, rank).Select(i => (long)i)];
    }

    /// <summary>The output's shape with the reduced axes kept, of size 1, so that it broadcasts over the input.</summary>
    public static long[] KeptShape(ForwardNode node)
    {
        var axes = Axes(node);
        return [.. node.InputShape(0).Select((size, i) => axes.Contains(i) ? 1 : size)];
    }

    /// <summary>The gradient of a sum: every value gets that of the sum it went into.</summary>
    /// <returns>The gradient laid over the input's shape, and how many values went into each sum.</returns>
    public static (string Gradient, long Count) Spread(ForwardNode node, string gradient, GraphBuilder b)
    {
        long[] shape = node.InputShape(0), kept = KeptShape(node);
        var column = b.Reshape(gradient, kept);
        return (kept.SequenceEqual(shape) ? column : b.Emit("Expand", [column, b.Integers("shape", shape)], shape), Shapes.Size(shape) / Shapes.Size(kept));
    }

    /// <summary>The gradient of a reduction whose derivative by each value is a product.</summary>
    /// <param name="node">The reduction.</param>
    /// <param name="perSum">The factor that the values of one sum share, of the output's shape.</param>
    /// <param name="perValue">The factor of each value, of the input's shape.</param>
    /// <param name="b">The graph.</param>
    public static string Times(ForwardNode node, string perSum, string perValue, GraphBuilder b) =>
        b.Emit("Mul", [perValue, b.Reshape(perSum, KeptShape(node))]);

    /// <summary>a / b, and 0 where b is 0.</summary>
    public static string SafeQuotient(GraphBuilder b, string numerator, string denominator)
    {
        var zero = b.Scalar(denominator, 0);
        var isZero = b.Compare("Equal", denominator, zero);
        return b.Where(isZero, zero, b.Emit("Div", [numerator, b.Where(isZero, b.Scalar(denominator, 1), denominator)]));
    }
}
