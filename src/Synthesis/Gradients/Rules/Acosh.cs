using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Acosh
{
    [GradientRule("Acosh", 7, "dy / sinh y")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [b.Emit("Div", [dy[0]!, b.Emit("Sinh", [node.Output])])];
}
