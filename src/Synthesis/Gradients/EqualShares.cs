using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>
/// The gradient of a largest or smallest value. Where several are equal, each gets an equal share, as in PyTorch's maximum and amax:
/// the mean of the directional derivatives, which favours none.
/// </summary>
internal static class EqualShares
{
    /// <summary>Max and Min of several operands: a gradient for each operand, of the output's shape.</summary>
    public static string?[] OfOperands(ForwardNode node, string dy, GraphBuilder b)
    {
        var (y, shape) = (node.Output, node.OutputShape);
        if (node.Inputs.Count == 1)
            return [dy];
        string[] chosen = [.. node.Inputs.Select(x => Number(b, b.Compare("Equal", x, y), y))];
        var share = b.Emit("Div", [dy, b.Emit("Sum", chosen, shape)]);
        return [.. chosen.Select((c, i) => node.Needs(i) ? b.Emit("Mul", [c, share], shape) : null)];
    }

    /// <summary>ReduceMax and ReduceMin: the gradient of the input.</summary>
    public static string OfValues(ForwardNode node, string dy, GraphBuilder b)
    {
        var (x, kept) = (node.Inputs[0], Reduction.KeptShape(node));
        var axes = b.Integers("axes", Reduction.Axes(node));
        var chosen = Number(b, b.Compare("Equal", x, b.Reshape(node.Output, kept)), x);
        var count = b.Emit("ReduceSum", [chosen, axes], kept, ("noop_with_empty_axes", 1L));
        return b.Emit("Mul", [chosen, b.Emit("Div", [b.Reshape(dy, kept), count])]);
    }

    private static string Number(GraphBuilder b, string truth, string like)
    {
        var type = b.Tensor(like).Type;
        return b.Emit("Cast", type, [truth], null, ("to", (long)type));
    }
}
