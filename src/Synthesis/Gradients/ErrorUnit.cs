using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>
/// x · (α · erf(c · x) + β) as exporters and <see cref="Graphs.Decompositions.Gelu"/> write GELU (Hendrycks and Gimpel 2016). Its gradient at once,
/// dy · (α · erf(c · x) + β + x · α · c · 2/√π · exp(−(c · x)²)), takes six passes over what is often a model's largest tensor; node by node it would take nine.
/// </summary>
/// <param name="X">The tensor x.</param>
/// <param name="Scaled">The tensor c · x.</param>
/// <param name="Factor">The tensor that x is multiplied with.</param>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
/// <param name="Scale">c.</param>
internal sealed record ErrorUnit(string X, string Scaled, string Factor, double Alpha, double Beta, double Scale)
{
    /// <summary>A product that has this form, or null.</summary>
    public static ErrorUnit? Of(GraphBuilder b, string x, string factor)
    {
        if (b.Producer(factor) is not { OpType: "Add" } add || WithNumber(b, add) is not var (sum, beta))
            return null;
        var (erf, alpha) = b.Producer(sum) is { OpType: "Mul" } mul && WithNumber(b, mul) is { } scaled ? scaled : (sum, 1);
        if (b.Producer(erf) is not { OpType: "Erf" } node || b.Producer(node.Input[0]) is not { OpType: "Mul" or "Div" } inner || WithNumber(b, inner) is not var (argument, number))
            return null;
        var scale = inner.OpType == "Div" ? 1 / number : number;
        return argument == x && alpha * scale > 0 && b.Shape(x).SequenceEqual(b.Shape(factor)) ? new(x, node.Input[0], factor, alpha, beta, scale) : null;
    }

    /// <summary>Emits the gradient with respect to x.</summary>
    /// <param name="b">The graph.</param>
    /// <param name="result">The product.</param>
    /// <param name="dy">The gradient with respect to it.</param>
    public string Gradient(GraphBuilder b, string result, string dy)
    {
        var exponent = b.Emit("Sub", [b.Scalar(X, Math.Log(Alpha * Scale * 2 / Math.Sqrt(Math.PI))), b.Emit("Mul", [Scaled, Scaled])]);
        var slope = b.Emit("Add", [Factor, b.Emit("Mul", [X, b.Emit("Exp", [exponent])])]);
        long[] sizes = [Bits(Alpha), Bits(Beta), Bits(Scale), .. b.Shape(X)];
        b.Fused(result, ErrorUnits.Name, [X], sizes);
        return b.Fused(b.Emit("Mul", [dy, slope]), ErrorUnits.GradientName, [X, dy], sizes);
    }

    private static long Bits(double number) => BitConverter.SingleToInt32Bits((float)number);

    // The tensor and the number of a sum, a product or a quotient of the two.
    private static (string Tensor, double Number)? WithNumber(GraphBuilder b, NodeProto node)
    {
        double? Number(string name) => b.ConstantOrNull(name) is { } constant && Shapes.Size([.. constant.Dims]) == 1 ? constant.Doubles()[0] : null;
        return Number(node.Input[1]) is { } second ? (node.Input[0], second)
            : node.OpType != "Div" && Number(node.Input[0]) is { } first ? (node.Input[1], first) : null;
    }
}
