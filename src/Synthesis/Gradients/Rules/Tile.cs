using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Tile
{
    [GradientRule("Tile", 7, "dy, added over the copies", Note = "with constant numbers of copies")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        long[] shape = node.InputShape(0), copies = node.Integers(1)!;
        var apart = b.Reshape(dy[0]!, [.. copies.Zip(shape).SelectMany(p => new[] { p.First, p.Second })]);
        long[] axes = [.. Enumerable.Range(0, shape.Length).Select(i => 2L * i)];
        return [axes.Length == 0 ? dy[0] : b.Emit("ReduceSum", [apart, b.Integers("axes", axes)], shape, ("keepdims", 0L))];
    }
}
