using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceProd
{
    [GradientRule("ReduceProd", 7, "dy · y / x", Note = "a value that is 0 gets the product of the others only if it is the only one")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        // With one 0 among the values its own derivative is the product of the others, and all others' are 0; with two, all are 0.
        var (x, zero, one) = (node.Inputs[0], b.Scalar(node.Inputs[0], 0), b.Scalar(node.Inputs[0], 1));
        var (kept, axes, type) = (Reduction.KeptShape(node), b.Integers("axes", Reduction.Axes(node)), b.Tensor(node.Inputs[0]).Type);
        var isZero = b.Compare("Equal", x, zero);
        var others = b.Where(isZero, one, x);
        string Over(string op, string values) => b.Emit(op, [values, axes], kept, ("noop_with_empty_axes", 1L));

        var zeros = Over("ReduceSum", b.Emit("Cast", type, [isZero], null, ("to", (long)type)));
        var product = b.Emit("Mul", [b.Reshape(dy[0]!, kept), Over("ReduceProd", others)]);
        var whenNone = b.Emit("Div", [b.Where(b.Compare("Equal", zeros, zero), product, zero), others]);
        var whenOne = b.Where(b.Compare("Equal", zeros, one), product, zero);
        return [b.Where(isZero, whenOne, whenNone)];
    }
}
