using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Relu
{
    [GradientRule("Relu", 7, "dy where x > 0; else 0", Note = "at the stage itself dy, whatever x is")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [Masked(b, node.Output, dy[0]!)];

    // The output is compared, not the input, so that the input's memory can be used again.
    private static string Masked(GraphBuilder b, string output, string dy)
    {
        var zero = b.Scalar(output, 0);
        var positive = b.Emit("Greater", Graphs.Format.TensorProto.Types.DataType.Bool, [output, zero]);
        return b.Emit("Where", b.Tensor(dy).Type, [positive, dy, zero]);
    }
}
