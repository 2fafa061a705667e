using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>y = a/b: dy/b, and −dy·y/b.</summary>
internal static class Div
{
    [GradientRule("Div", 7, "dy / b, and −dy · y / b")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var quotient = b.Emit("Div", [dy[0]!, node.Inputs[1]]);
        return [quotient, node.Needs(1) ? b.Emit("Neg", [b.Emit("Mul", [quotient, node.Output])]) : null];
    }
}
