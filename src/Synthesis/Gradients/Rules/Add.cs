using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Add
{
    [GradientRule("Add", 7, "dy to both")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [dy[0], dy[0]];
}
