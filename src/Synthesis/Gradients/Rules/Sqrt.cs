using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy/(2y).</summary>
internal static class Sqrt
{
    [GradientRule("Sqrt", 7, "dy / 2y")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Emit("Div", [b.Emit("Mul", [dy[0]!, b.Scalar(dy[0]!, 0.5)]), node.Output])];
}
