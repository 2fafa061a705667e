using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Kernels;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class Erf
{
    [GradientRule("Erf", 7, "dy · 2/√π · exp(−x²)")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        // The factor goes into the exponent, which saves a pass over what is often a model's largest tensor.
        var x = node.Inputs[0];
        var exponent = b.Emit("Sub", [b.Scalar(x, Math.Log(2 / Math.Sqrt(Math.PI))), b.Emit("Mul", [x, x])]);
        return [b.Fused(b.Emit("Mul", [dy[0]!, b.Emit("Exp", [exponent])]), ErfGradient.Name, [x, dy[0]!], b.Shape(x))];
    }
}
