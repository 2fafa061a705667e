using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy/(2y). At 0, where energy models (a root of a sum of squares) have no derivative, 0 and not infinity times nothing.</summary>
internal static class Sqrt
{
    [GradientRule("Sqrt", 7, "dy / 2y", Note = "0 at 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [Reduction.SafeQuotient(b, b.Emit("Mul", [dy[0]!, b.Scalar(dy[0]!, 0.5)]), node.Output)];
}
