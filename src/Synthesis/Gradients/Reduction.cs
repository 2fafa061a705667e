using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The gradient of a sum over axes: every value gets that of the sum it went into.</summary>
internal static class Reduction
{
    /// <returns>The gradient laid over the input's shape, and how many values went into each sum.</returns>
    public static (string Gradient, long Count) Spread(ForwardNode node, string gradient, GraphBuilder b)
    {
        var shape = node.InputShape(0);
        var axes = node.Integers(1) ?? [];
        if (axes.Length == 0)
        {
            if (node.Proto.Int("noop_with_empty_axes", 0) != 0)
                return (gradient, 1);
            axes = [.. Enumerable.Range(0, shape.Length).Select(i => (long)i)];
        }
        var kept = (long[])shape.Clone();
        foreach (var axis in axes)
            kept[Shapes.Axis(axis, shape.Length)] = 1;
        var spread = b.Emit("Expand", [b.Reshape(gradient, kept), b.Integers("shape", shape)], shape);
        return (spread, Shapes.Size(shape) / Shapes.Size(kept));
    }
}
