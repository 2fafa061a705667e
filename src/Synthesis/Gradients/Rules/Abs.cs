using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Abs
{
    [GradientRule("Abs", 7, "dy · sign(x)", Note = "0 at 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Mul", [dy[0]!, b.Emit("Sign", [node.Inputs[0]])])];
}
