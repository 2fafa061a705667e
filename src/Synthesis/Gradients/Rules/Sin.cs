using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Sin
{
    [GradientRule("Sin", 7, "dy · cos x")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Mul", [dy[0]!, b.Emit("Cos", [node.Inputs[0]])])];
}
