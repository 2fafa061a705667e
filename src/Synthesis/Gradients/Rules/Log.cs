using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy/x.</summary>
internal static class Log
{
    [GradientRule("Log", 7, "dy / x")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [b.Emit("Div", [dy[0]!, node.Inputs[0]])];
}
