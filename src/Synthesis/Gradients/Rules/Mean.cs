using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Mean
{
    [GradientRule("Mean", 7, "dy / number of operands, to all")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [.. node.Inputs.Select(_ => b.Emit("Mul", [dy[0]!, b.Scalar(dy[0]!, 1.0 / node.Inputs.Count)]))];
}
