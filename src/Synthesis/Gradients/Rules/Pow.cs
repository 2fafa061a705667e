using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>dy·p·x^(p−1) for the base, dy·y·log(x) for the exponent, which needs a positive base.</summary>
internal static class Pow
{
    [GradientRule("Pow", 7, "dy · p · x^(p − 1), and dy · y · log x", Note = "an exponent that depends on the input gets no gradient where x ≤ 0")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) =>
        [node.Needs(0) ? ToBase(node, dy[0]!, b) : null, node.Needs(1) ? ToExponent(node, dy[0]!, b) : null];

    private static string ToBase(ForwardNode node, string dy, GraphBuilder b)
    {
        var (x, p) = (node.Inputs[0], node.Inputs[1]);
        if (b.ConstantOrNull(p) is null)
            return b.Emit("Mul", [b.Emit("Mul", [dy, p]), b.Emit("Pow", [x, b.Emit("Sub", [p, b.Scalar(p, 1)])])]);
        var (shape, exponents) = (node.InputShape(1), node.Numbers(1)!);
        // x^0 is 1 everywhere: its derivative is 0, not 0 · x^−1.
        var lessOne = Array.ConvertAll(exponents, e => e == 0 ? 0 : e - 1);
        var power = exponents.All(e => e == 2) ? x : b.Emit("Pow", [x, b.Values("exponent_less_one", x, shape, lessOne)]);
        return b.Emit("Mul", [b.Emit("Mul", [dy, power]), b.Values("exponent", x, shape, exponents)]);
    }

    private static string ToExponent(ForwardNode node, string dy, GraphBuilder b)
    {
        var (x, zero) = (node.Inputs[0], b.Scalar(node.Inputs[0], 0));
        var positive = b.Compare("Greater", x, zero);
        var log = b.Emit("Log", [b.Where(positive, x, b.Scalar(x, 1))]);
        return b.Emit("Mul", [b.Emit("Mul", [dy, node.Output]), log]);
    }
}
