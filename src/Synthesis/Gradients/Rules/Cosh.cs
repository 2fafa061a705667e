using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Cosh
{
    [GradientRule("Cosh", 7, "dy · sinh x")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Mul", [dy[0]!, b.Emit("Sinh", [node.Inputs[0]])])];
}
