using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Neg
{
    [GradientRule("Neg", 7, "−dy")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Emit("Neg", [dy[0]!])];
}
