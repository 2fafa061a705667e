using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>
/// The gradient goes to the first largest value of each window, as in MaxPool's own Indices (and in PyTorch), so that ties are not
/// counted twice. Asking MaxPool for Indices makes it 70 times slower, so the output is compared with the input: the values at
/// one place of all windows are one strided view of it.
/// </summary>
internal static class MaxPool
{
    [GradientRule("MaxPool", 7, "dy at the largest value of each window; else 0", Note = "of equal values the first")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (dy[0] is null)
            return [null];
        var left = Relu.IsMaskedByPool(node, node.Inputs[0]) ? Relu.Masked(b, node.Output, dy[0]!) : dy[0]!;
        var views = new WindowViews(b, SlidingWindow.Of(node, node.Proto.Ints("kernel_shape")!));
        var zero = b.Scalar(node.Output, 0);
        var parts = new List<string>();
        foreach (var values in views.Read(node.Inputs[0]))
        {
            // What one place of the window took is not left for the next.
            if (parts.Count > 0)
                left = b.Emit("Sub", [left, parts[^1]]);
            var here = b.Emit("Equal", Graphs.Format.TensorProto.Types.DataType.Bool, [values, node.Output]);
            parts.Add(b.Emit("Where", b.Tensor(left).Type, [here, left, zero]));
        }
        return [views.Add(parts, node.InputShape(0))];
    }
}
