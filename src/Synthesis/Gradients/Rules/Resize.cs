using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>
/// Resizing is linear and works axis by axis, so it is a matrix for each axis: the same Resize of the unit vectors, which ONNX Runtime
/// computes once when the graph is loaded. The gradient is the product with each matrix transposed. No rule of coordinates is repeated here.
/// </summary>
internal static class Resize
{
    private static readonly string[] Kept =
        ["mode", "coordinate_transformation_mode", "nearest_mode", "cubic_coeff_a", "exclude_outside", "antialias"];

    [GradientRule("Resize", 7, "each value's share of dy where it was used", Note = "all modes but crops, with constant sizes")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Proto.Text("coordinate_transformation_mode", "half_pixel") == "tf_crop_and_resize")
            throw node.Unsupported("crops");
        if (node.Proto.Text("keep_aspect_ratio_policy", "stretch") != "stretch")
            throw node.Unsupported("keeps the aspect ratio");
        var shape = node.InputShape(0);
        var axes = node.Proto.Ints("axes") ?? [.. Enumerable.Range(0, shape.Length).Select(i => (long)i)];
        var scales = node.Numbers(2) is { Length: > 0 } given ? given : null;
        var gradient = dy[0]!;
        for (var i = 0; i < axes.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], shape.Length);
            if (shape[axis] != node.OutputShape[axis] || (scales is not null && scales[i] != 1))
                gradient = AlongAxis(b, gradient, axis, UnitVectors(node, b, shape[axis], node.OutputShape[axis], scales?[i]));
        }
        return [gradient];
    }

    private const long LongestAxis = 8192;

    // [from, to]: row i is the unit vector i, resized.
    private static string UnitVectors(ForwardNode node, GraphBuilder b, long from, long to, double? scale)
    {
        if (from > LongestAxis)
            throw node.Unsupported($"resizes an axis of {from} values, more than {LongestAxis},");
        var unit = new double[from * from];
        for (var i = 0; i < from; i++)
            unit[i * from + i] = 1;
        var vectors = b.Values("unit_vectors", node.Inputs[0], [1, 1, from, from], unit);
        string[] inputs = scale is { } s
            ? [vectors, "", b.Constant("scales", [4], new[] { 1, 1, 1, (float)s })]
            : [vectors, "", "", b.Integers("sizes", 1, 1, from, to)];
        var resized = b.Emit("Resize", inputs, [1, 1, from, to]);
        var proto = b.Producer(resized)!;
        proto.Attribute.AddRange(node.Proto.Attribute.Where(a => Kept.Contains(a.Name)));
        return b.Reshape(resized, from, to);
    }

    private static string AlongAxis(GraphBuilder b, string gradient, int axis, string matrix)
    {
        var (shape, sizes) = (b.Shape(gradient), b.Shape(matrix));
        long outer = Shapes.Size(shape[..axis]), inner = Shapes.Size(shape[(axis + 1)..]);
        var product = inner == 1
            ? b.Emit("MatMul", [b.Reshape(gradient, outer, sizes[1]), b.Emit("Transpose", [matrix], [sizes[1], sizes[0]])], [outer, sizes[0]])
            : b.Emit("MatMul", [matrix, b.Reshape(gradient, outer, sizes[1], inner)], [outer, sizes[0], inner]);
        return b.Reshape(product, shape.With(axis, sizes[0]));
    }
}
