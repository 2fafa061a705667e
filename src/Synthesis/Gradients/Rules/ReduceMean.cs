using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

internal static class ReduceMean
{
    [GradientRule("ReduceMean", 7, "dy / number of values, spread")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        var (gradient, count) = Reduction.Spread(node, dy[0]!, b);
        return [b.Emit("Mul", [gradient, b.Scalar(gradient, 1.0 / count)])];
    }
}
