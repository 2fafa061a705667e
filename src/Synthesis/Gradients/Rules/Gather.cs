using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Gather
{
    [GradientRule("Gather", 7, "dy, added where it was taken", Note = "with constant indices")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var shape = node.InputShape(0);
        var axis = Shapes.Axis(node.Proto.Int("axis", 0), shape.Length);
        var places = Array.ConvertAll(node.Integers(1)!, i => i < 0 ? i + shape[axis] : i);
        // Indices of any number of dimensions stand in the place of the axis.
        return [Selection.Back(b, b.Reshape(dy[0]!, shape.With(axis, places.Length)), axis, shape[axis], places)];
    }
}
