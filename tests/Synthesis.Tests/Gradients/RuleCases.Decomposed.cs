using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    /// <summary>Operators that import writes as others: ONNX Runtime computes the operator itself, the reference what it was written as.</summary>
    private static IEnumerable<RuleCase> Decomposed =>
    [
        new RuleCase("Gelu", "erf", [In(-3, 3, 3, 5)]) { Opset = 20 }.InFloat32(),
        new RuleCase("Gelu", "tanh", [In(-3, 3, 3, 5)], ("approximate", "tanh")) { Opset = 20 }.InFloat32(),
        new RuleCase("HardSwish", "between the kinks and outside", [In(-5, 5, 4, 5)]) { Opset = 14 }.InFloat32(),
        new RuleCase("Mish", "both signs", [In(-4, 4, 3, 5)]).InFloat32(),
        new RuleCase("Softsign", "both signs", [In(-3, 3, 3, 5)]).InFloat32(),
        new RuleCase("Swish", "default", [In(-4, 4, 3, 5)]) { Opset = 24 }.InFloat32(),
        new RuleCase("Swish", "alpha 2", [In(-4, 4, 3, 5)], ("alpha", 2f)) { Opset = 24 }.InFloat32(),
        new RuleCase("InstanceNormalization", "a batch", [Of(2, 3, 4, 3), Fixed(0.5, 2, 3), Fixed(-1, 1, 3)]).InFloat32(),
        new RuleCase("InstanceNormalization", "one dimension, other epsilon", [Of(2, 3, 5), Fixed(0.5, 2, 3), Fixed(-1, 1, 3)], ("epsilon", 0.01f)).InFloat32(),
        new RuleCase("GroupNormalization", "opset 21", [Of(2, 6, 2, 3), Fixed(0.5, 2, 6), Fixed(-1, 1, 6)], ("num_groups", 3L)) { Opset = 21 }.InFloat32(),
        new RuleCase("GroupNormalization", "opset 18, values for groups", [Of(2, 6, 2, 3), Fixed(0.5, 2, 2), Fixed(-1, 1, 2)], ("num_groups", 2L)).InFloat32(),
        new RuleCase("RMSNormalization", "last axis", [Of(2, 3, 5), In(0.5, 2, 5)]) { Opset = 23 }.InFloat32(),
        new RuleCase("RMSNormalization", "two axes", [Of(2, 3, 5), In(0.5, 2, 3, 5)], ("axis", 1L), ("epsilon", 0.1f)) { Opset = 23 }.InFloat32(),
        new RuleCase("SimplifiedLayerNormalization", "last axis", [Of(2, 3, 5), In(0.5, 2, 5)], ("axis", -1L), ("epsilon", 1e-3f)).InFloat32(),
        new RuleCase("LpNormalization", "default", [Of(3, 5)]).InFloat32(),
        new RuleCase("LpNormalization", "p 1, channels", [Of(2, 3, 4)], ("p", 1L), ("axis", 1L)).InFloat32(),
        new RuleCase("MeanVarianceNormalization", "default", [Of(2, 3, 3, 3)]).InFloat32(),
        new RuleCase("MeanVarianceNormalization", "each channel", [Of(2, 3, 3, 4)], ("axes", L(2, 3))).InFloat32(),
        new RuleCase("Attention", "separate heads", [Of(1, 2, 3, 4), Of(1, 2, 5, 4), Of(1, 2, 5, 3)]) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "joined heads, a batch", [Of(2, 3, 8), Of(2, 3, 8), Of(2, 3, 8)], ("q_num_heads", 2L), ("kv_num_heads", 2L)) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "shared keys, scale, mask", [Of(1, 4, 3, 4), Of(1, 2, 3, 4), Of(1, 2, 3, 4), Fixed(-1, 1, 3, 3)], ("scale", 0.3f)) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "causal", [Of(1, 2, 4, 4), Of(1, 2, 4, 4), Of(1, 2, 4, 4)], ("is_causal", 1L)) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "softcap", [In(-3, 3, 1, 1, 3, 4), In(-3, 3, 1, 1, 3, 4), Of(1, 1, 3, 4)], ("softcap", 2f)) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "softcap and mask", [In(-3, 3, 1, 1, 3, 4), In(-3, 3, 1, 1, 3, 4), Of(1, 1, 3, 4), Fixed(-1, 1, 3, 3)], ("softcap", 2f)) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "causal, more keys than queries", [Of(1, 2, 3, 4), Of(1, 2, 5, 4), Of(1, 2, 5, 4)], ("is_causal", 1L)) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "joined heads, shared keys, newer form", [Of(1, 3, 16), Of(1, 3, 8), Of(1, 3, 8)], ("q_num_heads", 4L), ("kv_num_heads", 2L)) { Opset = 24 }.InFloat32(),
        new RuleCase("Attention", "a mask of truth values", [Of(1, 1, 2, 4), Of(1, 1, 3, 4), Of(1, 1, 3, 4), Truth(2, 3) with { Given = [1, -1, 1, -1, 1, 1] }]) { Opset = 23 }.InFloat32(),
        new RuleCase("Attention", "ONNX Runtime's, two heads", [Of(1, 3, 4), Fixed(-1, 1, 4, 12), Fixed(-1, 1, 12)], ("num_heads", 2L)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("Gelu", "ONNX Runtime's", [In(-3, 3, 3, 5)]) { Domain = Microsoft }.InFloat32(),
        new RuleCase("BiasGelu", "default", [In(-3, 3, 3, 5), In(-1, 1, 5)]) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FastGelu", "without bias", [In(-3, 3, 3, 5)]) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FastGelu", "with bias", [In(-3, 3, 3, 5), In(-1, 1, 5)]) { Domain = Microsoft }.InFloat32(),
        new RuleCase("QuickGelu", "default", [In(-3, 3, 3, 5)]) { Domain = Microsoft }.InFloat32(),
        new RuleCase("SkipLayerNormalization", "with all inputs", [Of(2, 3, 8), Of(2, 3, 8), In(0.5, 2, 8), Of(8), Of(8)], ("epsilon", 1e-3f)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("SkipLayerNormalization", "without bias", [Of(2, 3, 8), Of(2, 3, 8), In(0.5, 2, 8), Of(8)], ("epsilon", 1e-3f)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("SkipLayerNormalization", "one skip for the whole batch", [Of(2, 3, 8), Of(1, 3, 8), In(0.5, 2, 8), Of(8)], ("epsilon", 1e-3f)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("SkipSimplifiedLayerNormalization", "default", [Of(2, 3, 8), Of(2, 3, 8), In(0.5, 2, 8)], ("epsilon", 1e-3f)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FusedConv", "with Relu", [Of(1, 2, 5, 5), Fixed(-1, 1, 3, 2, 3, 3), Fixed(-1, 1, 3)], ("activation", "Relu"), ("pads", L(1, 1, 1, 1))) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FusedConv", "with LeakyRelu", [Of(1, 2, 5, 5), Fixed(-1, 1, 3, 2, 3, 3), Fixed(-1, 1, 3)],
            ("activation", "LeakyRelu"), ("activation_params", new[] { 0.2f }), ("strides", L(2, 2))) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FusedConv", "with a sum", [Of(1, 2, 4, 4), Fixed(-1, 1, 3, 2, 3, 3), Fixed(-1, 1, 3), Of(1, 3, 4, 4)], ("activation", "Relu"), ("pads", L(1, 1, 1, 1))) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FusedGemm", "with Tanh", [Of(2, 3), Fixed(-1, 1, 4, 3), Fixed(-1, 1, 4)], ("activation", "Tanh"), ("transB", 1L)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FusedMatMul", "transposed, scaled", [Of(2, 3, 4), Of(2, 5, 4)], ("transB", 1L), ("alpha", 0.5f)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("FusedMatMul", "left transposed", [Of(4, 3), Of(4, 2)], ("transA", 1L)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("MultiHeadAttention", "with bias and scores added", [Of(2, 3, 8), Of(2, 5, 8), Of(2, 5, 8), Fixed(-1, 1, 24), Absent, Fixed(-1, 1, 1, 2, 3, 5)], ("num_heads", 2L)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("MultiHeadAttention", "plain, scale", [Of(1, 4, 8), Of(1, 4, 8), Of(1, 4, 8)], ("num_heads", 2L), ("scale", 0.4f)) { Domain = Microsoft }.InFloat32(),
        new RuleCase("MultiHeadAttention", "causal", [Of(1, 4, 8), Of(1, 4, 8), Of(1, 4, 8)], ("num_heads", 2L), ("unidirectional", 1L)) { Domain = Microsoft }.InFloat32(),
    ];

    private const string Microsoft = "com.microsoft";
}
