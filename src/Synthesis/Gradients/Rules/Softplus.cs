using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Softplus
{
    [GradientRule("Softplus", 7, "dy · sigmoid(x)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Mul", [dy[0]!, b.Emit("Sigmoid", [node.Inputs[0]])])];
}
