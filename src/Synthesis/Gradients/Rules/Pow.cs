using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy·p·x^(p−1), for a constant exponent p.</summary>
internal static class Pow
{
    [GradientRule("Pow", 7, "dy · p · x^(p − 1)", Note = "with a constant exponent")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Needs(1))
            throw node.Unsupported("has an exponent that depends on the input");
        var (x, exponents) = (node.Inputs[0], node.Numbers(1)!);
        var shape = node.InputShape(1);
        var times = b.Values("exponent", x, shape, exponents);
        var power = exponents.All(e => e == 2) ? x : b.Emit("Pow", [x, b.Values("exponent_less_one", x, shape, Array.ConvertAll(exponents, e => e - 1))]);
        return [b.Emit("Mul", [b.Emit("Mul", [dy[0]!, power]), times])];
    }
}
