using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceSumSquare
{
    [GradientRule("ReduceSumSquare", 7, "dy · 2x")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [Reduction.Times(node, b.Emit("Mul", [dy[0]!, b.Scalar(dy[0]!, 2)]), node.Inputs[0], b)];
}
