using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Squeeze
{
    [GradientRule("Squeeze", 7, "dy, reshaped")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Reshape(dy[0]!, node.InputShape(0))];
}
