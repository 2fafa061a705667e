using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Concat
{
    [GradientRule("Concat", 7, "each input's part of dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var axis = Shapes.Axis(node.Proto.Int("axis", 1), node.OutputShape.Length);
        var gradients = new string?[node.Inputs.Count];
        var start = 0L;
        for (var i = 0; i < gradients.Length; i++)
        {
            var shape = node.InputShape(i);
            if (node.Needs(i))
                gradients[i] = b.Emit("Slice", [dy[0]!, b.Integers("starts", start), b.Integers("ends", start + shape[axis]), b.Integers("axes", axis)], shape);
            start += shape[axis];
        }
        return gradients;
    }
}
