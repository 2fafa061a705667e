using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Expand
{
    [GradientRule("Expand", 7, "dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [dy[0]];
}
