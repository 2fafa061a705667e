using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy·y.</summary>
internal static class Exp
{
    [GradientRule("Exp", 7, "dy · y")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Emit("Mul", [dy[0]!, node.Output])];
}
