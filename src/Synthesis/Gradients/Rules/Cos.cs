using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Cos
{
    [GradientRule("Cos", 7, "−dy · sin x")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Neg", [b.Emit("Mul", [dy[0]!, b.Emit("Sin", [node.Inputs[0]])])])];
}
