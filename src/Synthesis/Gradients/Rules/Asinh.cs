using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Asinh
{
    [GradientRule("Asinh", 7, "dy / cosh y")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Div", [dy[0]!, b.Emit("Cosh", [node.Output])])];
}
