using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Cast
{
    [GradientRule("Cast", 7, "dy, in the input's type", Note = "between float types")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var type = b.Tensor(node.Inputs[0]).Type;
        return [b.Emit("Cast", type, [dy[0]!], null, ("to", (long)type))];
    }
}
