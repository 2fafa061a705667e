using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Asin
{
    [GradientRule("Asin", 7, "dy / √(1 − x²)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Div", [dy[0]!, b.Emit("Sqrt", [b.Emit("Sub", [b.Scalar(node.Output, 1), b.Emit("Mul", [node.Inputs[0], node.Inputs[0]])])])])];
}
