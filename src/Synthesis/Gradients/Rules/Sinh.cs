using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Sinh
{
    [GradientRule("Sinh", 7, "dy · cosh x")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Mul", [dy[0]!, b.Emit("Cosh", [node.Inputs[0]])])];
}
