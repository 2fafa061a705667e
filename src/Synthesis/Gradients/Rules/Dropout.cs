using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>Dropout is taken out at import; only one whose mask the model reads is left, and in inference it does nothing.</summary>
internal static class Dropout
{
    [GradientRule("Dropout", 7, "dy", Note = "as in inference")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Proto.InputOrNull(2) is { } mode && (b.ConstantOrNull(mode) is not { } flag || flag.Int32Data.Any(f => f != 0) || flag.RawData.Any(f => f != 0)))
            throw node.Unsupported("is in training mode");
        return [dy[0]];
    }
}
