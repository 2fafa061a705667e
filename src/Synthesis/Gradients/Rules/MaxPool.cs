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
        var views = new WindowViews(b, SlidingWindow.Of(node, node.Proto.Ints("kernel_shape")!));
        var (zero, bools) = (b.Scalar(node.Output, 0), Graphs.Format.TensorProto.Types.DataType.Bool);
        var parts = new List<string>();
        string? free = null;
        foreach (var values in views.Read(node.Inputs[0]))
        {
            var here = b.Emit("Equal", bools, [values, node.Output]);
            var first = free is null ? here : b.Emit("And", bools, [here, free]);
            var others = b.Emit("Not", bools, [here]);
            free = free is null ? others : b.Emit("And", bools, [free, others]);
            parts.Add(b.Emit("Where", b.Tensor(dy[0]!).Type, [first, dy[0]!, zero]));
        }
        return [views.Add(parts, node.InputShape(0))];
    }
}
