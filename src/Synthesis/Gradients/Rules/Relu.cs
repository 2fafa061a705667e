using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Relu
{
    [GradientRule("Relu", 7, "dy where x > 0; else 0", Note = "at the stage itself dy, whatever x is")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b) => [IsMaskedByPool(node, node.Output) ? dy[0]! : Masked(b, node.Output, dy[0]!)];

    /// <summary>
    /// Whether the rule of the MaxPool behind a Relu does the masking, at the pooled size, which is cheaper and exact: the gradient goes to
    /// the largest value of a window, which is positive if that maximum is.
    /// </summary>
    /// <param name="node">The Relu or the MaxPool.</param>
    /// <param name="rectified">The tensor between them.</param>
    public static bool IsMaskedByPool(ForwardNode node, string rectified) =>
        node.Builder.Producer(rectified)?.OpType == "Relu" && node.OnlyReader(rectified)?.OpType == "MaxPool";

    /// <summary>dy where the output is positive; else 0. The output is compared, not the input, so that the input's memory can be used again.</summary>
    public static string Masked(GraphBuilder b, string output, string dy) =>
        b.Fused(b.Keep(b.Compare("Greater", output, b.Scalar(output, 0)), dy), RectifierGradient.Name, [output, dy], b.Shape(output));
}
