using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Synthesis.Gradients.Rules;

/// <summary>In inference a batch normalisation is a fixed scale and shift per channel.</summary>
internal static class BatchNormalization
{
    [GradientRule("BatchNormalization", 7, "dy · scale / √(variance + ε)", Note = "as in inference")]
    public static string?[] Gradient(ForwardNode node, string?[] dy, GraphBuilder b)
    {
        if (node.Proto.Int("training_mode", 0) != 0)
            throw node.Unsupported("is in training mode");
        if (node.Needs(1) || node.Needs(2) || node.Needs(3) || node.Needs(4))
            throw node.Unsupported("has statistics that depend on the input");
        var (scale, variance, epsilon) = (node.Numbers(1)!, node.Numbers(4)!, node.Proto.Float("epsilon", 1e-5f));
        var factor = scale.Zip(variance, (s, v) => s / Math.Sqrt(v + epsilon)).ToArray();
        long[] perChannel = [1, factor.Length, .. Enumerable.Repeat(1L, node.InputShape(0).Length - 2)];
        return [b.Emit("Mul", [dy[0]!, b.Values("bn_scale", node.Inputs[0], perChannel, factor)])];
    }
}
