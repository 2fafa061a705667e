using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>The product x · (α · erf(c · x) + β), as exporters and <see cref="Decompositions.Gelu"/> write GELU (Hendrycks and Gimpel 2016).</summary>
/// <param name="X">The tensor x.</param>
/// <param name="Scaled">The tensor c · x.</param>
/// <param name="Factor">The tensor that x is multiplied with.</param>
/// <param name="Alpha">α.</param>
/// <param name="Beta">β.</param>
/// <param name="Scale">c.</param>
internal sealed record ErrorUnit(string X, string Scaled, string Factor, double Alpha, double Beta, double Scale)
{
    /// <summary>The form of a product, or null if it has another.</summary>
    /// <param name="product">A node.</param>
    /// <param name="producer">The node that makes a tensor, or null.</param>
    /// <param name="constant">The value of a tensor that is a constant, or null.</param>
    public static ErrorUnit? Of(NodeProto product, Func<string, NodeProto?> producer, Func<string, TensorProto?> constant) =>
        product is not { OpType: "Mul", Domain.Length: 0 } ? null : Of(product.Input[0], product.Input[1], producer, constant) ?? Of(product.Input[1], product.Input[0], producer, constant);

    /// <summary>What <see cref="ErrorUnits"/> needs to know besides its tensors.</summary>
    public long[] Sizes(long[] shape)
    {
        static long Bits(double number) => BitConverter.SingleToInt32Bits((float)number);
        return [Bits(Alpha), Bits(Beta), Bits(Scale), .. shape];
    }

    private static ErrorUnit? Of(string x, string factor, Func<string, NodeProto?> producer, Func<string, TensorProto?> constant)
    {
        if (producer(factor) is not { OpType: "Add" } add || Scalars.With(add, constant) is not var (sum, beta))
            return null;
        var (erf, alpha) = producer(sum) is { OpType: "Mul" } mul && Scalars.With(mul, constant) is { } scaled ? scaled : (sum, 1);
        if (producer(erf) is not { OpType: "Erf" } node || producer(node.Input[0]) is not { OpType: "Mul" or "Div" } inner || Scalars.With(inner, constant) is not var (argument, number))
            return null;
        var scale = inner.OpType == "Div" ? 1 / number : number;
        return argument == x && alpha * scale > 0 ? new(x, node.Input[0], factor, alpha, beta, scale) : null;
    }
}
