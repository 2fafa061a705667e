using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>The gradient of picking places along an axis: what every place gave is added up where it came from.</summary>
internal static class Selection
{
    /// <param name="b">The graph.</param>
    /// <param name="gradient">Gradient of what was picked.</param>
    /// <param name="axis">The axis.</param>
    /// <param name="size">Size of the axis before picking.</param>
    /// <param name="places">Where each picked value came from, not negative; repeats are allowed.</param>
    public static string Back(GraphBuilder b, string gradient, int axis, long size, long[] places)
    {
        var picked = b.Shape(gradient);
        var shape = picked.With(axis, size);
        if (places.Length == 0)
            return b.Zeros(gradient, shape);
        var inOrder = places.Select((p, i) => p == places[0] + i).All(same => same);
        if (inOrder && places.Length == size)
            return gradient;
        if (inOrder)
        {
            var (before, after) = (new long[shape.Length].With(axis, places[0]), new long[shape.Length].With(axis, size - places[0] - places.Length));
            return b.Emit("Pad", [gradient, b.Integers("pads", [.. before, .. after])], shape);
        }

        // In rows [before, axis, after], so that the constant of places is as small as the operator allows.
        long outer = Shapes.Size(picked[..axis]), inner = Shapes.Size(picked[(axis + 1)..]);
        long[] rows = [outer, places.Length, inner];
        var indices = b.Emit("Expand", [b.Constant("places", [1, places.Length, 1], places), b.Integers("shape", rows)], rows);
        var zeros = b.Emit("Expand", [b.Scalar(gradient, 0), b.Integers("shape", outer, size, inner)], [outer, size, inner]);
        var added = b.Emit("ScatterElements", [zeros, indices, b.Reshape(gradient, rows)], [outer, size, inner], ("axis", 1L), ("reduction", "add"));
        return b.Reshape(added, shape);
    }
}
