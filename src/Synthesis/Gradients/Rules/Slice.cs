using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Slice
{
    [GradientRule("Slice", 7, "dy where it was taken; else 0", Note = "with constant limits")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (shape, starts) = (node.InputShape(0), node.Integers(1)!);
        var axes = node.Integers(3) ?? [.. Enumerable.Range(0, starts.Length).Select(i => (long)i)];
        var steps = node.Integers(4) ?? [.. starts.Select(_ => 1L)];
        var gradient = dy[0]!;
        for (var i = 0; i < starts.Length; i++)
        {
            var axis = Shapes.Axis(axes[i], shape.Length);
            var (size, count, step) = (shape[axis], node.OutputShape[axis], steps[i]);
            var first = Math.Clamp(starts[i] < 0 ? starts[i] + size : starts[i], 0, step > 0 ? size : size - 1);
            gradient = Selection.Back(b, gradient, axis, size, [.. Enumerable.Range(0, (int)count).Select(k => first + k * step)]);
        }
        return [gradient];
    }
}
