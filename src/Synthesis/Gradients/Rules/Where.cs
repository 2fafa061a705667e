using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Where
{
    [GradientRule("Where", 7, "dy to what was chosen; 0 to the other")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (condition, g, zero) = (node.Inputs[0], dy[0]!, b.Scalar(dy[0]!, 0));
        return [null, node.Needs(1) ? b.Where(condition, g, zero) : null, node.Needs(2) ? b.Where(condition, zero, g) : null];
    }
}
