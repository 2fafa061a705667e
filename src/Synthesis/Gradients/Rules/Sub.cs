using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Sub
{
    [GradientRule("Sub", 7, "dy, and −dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [dy[0], node.Needs(1) ? b.Emit("Neg", [dy[0]!]) : null];
}
