using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceL2
{
    [GradientRule("ReduceL2", 7, "dy · x / y", Note = "0 where y is 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [Reduction.Times(node, Reduction.SafeQuotient(b, dy[0]!, node.Output), node.Inputs[0], b)];
}
