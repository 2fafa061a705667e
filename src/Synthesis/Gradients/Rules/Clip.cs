using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>The gradient passes where the value is within the limits, at a limit too.</summary>
internal static class Clip
{
    [GradientRule("Clip", 7, "dy within the limits, at a limit too; else 0", Note = "the limits must not depend on the input")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Needs(1) || node.Needs(2))
            throw node.Unsupported("has limits that depend on the input");
        var (gradient, x) = (dy[0]!, node.Inputs[0]);
        var zero = b.Scalar(x, 0);
        if (node.Proto.InputOrNull(1) is { } low)
            gradient = b.Where(b.Compare("GreaterOrEqual", x, low), gradient, zero);
        if (node.Proto.InputOrNull(2) is { } high)
            gradient = b.Where(b.Compare("LessOrEqual", x, high), gradient, zero);
        return [gradient];
    }
}
