using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

/// <summary>Hendrycks and Gimpel 2016, with the normal distribution or with its approximation by tanh.</summary>
internal static class Gelu
{
    [Decomposition("", "Gelu", "x / 2 · (1 + erf(x / √2)); x / 2 · (1 + tanh(√(2/π) · (x + 0.044715 x³)))")]
    [Decomposition("com.microsoft", "Gelu", "x / 2 · (1 + erf(x / √2))")]
    public static string? Apply(NodeProto node, long[] shape, GraphBuilder b) =>
        node.Text("approximate", "none") == "tanh" ? WithTanh(b, node.Input[0]) : WithErf(b, node.Input[0]);

    public static string WithErf(GraphBuilder b, string x) =>
        Half(b, x, b.Emit("Erf", [b.Emit("Mul", [x, b.Scalar(x, Math.Sqrt(0.5))])]));

    public static string WithTanh(GraphBuilder b, string x)
    {
        var square = b.Emit("Mul", [x, x]);
        var factor = b.Emit("Add", [b.Emit("Mul", [square, b.Scalar(x, 0.044715 * Math.Sqrt(2 / Math.PI))]), b.Scalar(x, Math.Sqrt(2 / Math.PI))]);
        return Half(b, x, b.Emit("Tanh", [b.Emit("Mul", [x, factor])]));
    }

    // x / 2 · (1 + s)
    private static string Half(GraphBuilder b, string x, string s) =>
        b.Emit("Mul", [x, b.Emit("Add", [b.Emit("Mul", [s, b.Scalar(x, 0.5)]), b.Scalar(x, 0.5)])]);
}
