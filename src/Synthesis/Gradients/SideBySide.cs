using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>
/// The sum of gradients of which each fills another part of an axis and has zeros elsewhere (<see cref="Selection"/>), as where queries, keys and values are gathered from one
/// tensor: the parts behind one another, without zeros to write and to add.
/// </summary>
internal static class SideBySide
{
    /// <param name="b">The graph.</param>
    /// <param name="gradients">What is to be summed.</param>
    /// <returns>The sum; null where these are no such parts or do not fill the axis.</returns>
    public static string? Join(GraphBuilder b, IReadOnlyList<string> gradients)
    {
        (string Gradient, int Axis, long First)[] parts = [.. gradients.Select(g => PartOf(b, g)).OfType<(string, int, long)>().OrderBy(p => p.Item3)];
        if (parts.Length < gradients.Count || parts.Any(p => p.Axis != parts[0].Axis))
            return null;
        var (axis, end) = (parts[0].Axis, 0L);
        foreach (var part in parts)
        {
            if (part.First != end)
                return null;
            end += b.Shape(part.Gradient)[axis];
        }
        var shape = b.Shape(gradients[0]);
        return end == shape[axis] ? b.Emit("Concat", [.. parts.Select(p => p.Gradient)], shape, ("axis", (long)axis)) : null;
    }

    private static (string Gradient, int Axis, long First)? PartOf(GraphBuilder b, string gradient)
    {
        if (b.Producer(gradient) is not { OpType: "Pad", Input.Count: 2, Attribute.Count: 0 } pad || b.ConstantOrNull(pad.Input[1])?.Longs() is not { } pads)
            return null;
        var rank = pads.Length / 2;
        int[] axes = [.. Enumerable.Range(0, rank).Where(i => pads[i] != 0 || pads[i + rank] != 0)];
        return axes is [var axis] && pads[axis] >= 0 && pads[axis + rank] >= 0 ? (pad.Input[0], axis, pads[axis]) : null;
    }
}
