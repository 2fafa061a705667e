using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Mul
{
    [GradientRule("Mul", 7, "dy · b, and dy · a; of GELU, which is such a product, at once")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (ErrorUnit.Of(node.Proto, b.Producer, b.ConstantOrNull) is { } unit)
            return node.Inputs[0] == unit.X ? [OfUnit(unit, dy[0]!, b), null] : [null, OfUnit(unit, dy[0]!, b)];
        return
        [
            node.Needs(0) ? b.Emit("Mul", [dy[0]!, node.Inputs[1]]) : null,
            node.Needs(1) ? b.Emit("Mul", [dy[0]!, node.Inputs[0]]) : null,
        ];
    }

    // dy · (α · erf(c · x) + β + x · α · c · 2/√π · exp(−(c · x)²)): six passes over what is often a model's largest tensor, where node by node it would be nine.
    private static string OfUnit(ErrorUnit unit, string dy, GraphBuilder b)
    {
        var exponent = b.Emit("Sub", [b.Scalar(unit.X, Math.Log(unit.Alpha * unit.Scale * 2 / Math.Sqrt(Math.PI))), b.Emit("Mul", [unit.Scaled, unit.Scaled])]);
        var slope = b.Emit("Add", [unit.Factor, b.Emit("Mul", [unit.X, b.Emit("Exp", [exponent])])]);
        return b.Fused(b.Emit("Mul", [dy, slope]), ErrorUnits.GradientName, [unit.X, dy], unit.Sizes(b.Shape(unit.X)));
    }
}
