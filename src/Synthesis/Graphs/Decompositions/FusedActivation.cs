using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Graphs.Decompositions;

/// <summary>The function that a fused operator of ONNX Runtime ends in: attributes <c>activation</c> and <c>activation_params</c>, or <c>activation_alpha</c> and so on.</summary>
internal static class FusedActivation
{
    /// <returns>What emits it, or null for one that is not known.</returns>
    public static Func<GraphBuilder, string, string>? Of(NodeProto node)
    {
        float Parameter(int index, string name, float otherwise) =>
            node.Attribute("activation_params")?.Floats is { } list && index < list.Count ? list[index] : node.Float($"activation_{name}", otherwise);
        var activation = node.Text("activation", "");
        return activation switch
        {
            "" => (_, x) => x,
            "Relu" or "Tanh" or "Sigmoid" => (b, x) => b.Emit(activation, [x]),
            "LeakyRelu" => (b, x) => b.Emit("LeakyRelu", [x], null, ("alpha", Parameter(0, "alpha", 0.01f))),
            "HardSigmoid" => (b, x) => b.Emit("HardSigmoid", [x], null, ("alpha", Parameter(0, "alpha", 0.2f)), ("beta", Parameter(1, "beta", 0.5f))),
            "Clip" => (b, x) => b.Emit("Clip", [x, b.Scalar(x, Parameter(0, "min", float.MinValue)), b.Scalar(x, Parameter(1, "max", float.MaxValue))]),
            _ => null,
        };
    }
}
