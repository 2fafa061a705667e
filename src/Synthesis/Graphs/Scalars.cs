using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs;

/// <summary>Nodes that take a tensor and one constant number.</summary>
internal static class Scalars
{
    /// <summary>The tensor and the number of a sum, a product or a quotient of the two, which has the tensor's shape; null for any other node.</summary>
    /// <param name="node">A node.</param>
    /// <param name="constant">The value of a tensor that is a constant, or null.</param>
    public static (string Tensor, double Number)? With(NodeProto node, Func<string, TensorProto?> constant)
    {
        // A number with dimensions could give the result more of them than the tensor has.
        double? Number(string name) => constant(name) is { Dims.Count: 0 } scalar ? scalar.Doubles()[0] : null;
        return node is not { OpType: "Add" or "Mul" or "Div", Domain.Length: 0 } ? null
            : Number(node.Input[1]) is { } second ? (node.Input[0], second)
            : node.OpType != "Div" && Number(node.Input[0]) is { } first ? (node.Input[1], first) : null;
    }

    /// <summary>The tensor and the factor of a product with a constant number or a quotient by one; null for any other node.</summary>
    /// <param name="node">A node.</param>
    /// <param name="constant">The value of a tensor that is a constant, or null.</param>
    public static (string Tensor, double Factor)? Multiplied(NodeProto node, Func<string, TensorProto?> constant) =>
        node.OpType != "Add" && With(node, constant) is var (tensor, number) ? (tensor, node.OpType == "Div" ? 1 / number : number) : null;
}
