using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Reductions =>
    [
        .. Reduction("ReduceMean"), .. Reduction("ReduceSum", axesSince: 13), .. Reduction("ReduceMax"), .. Reduction("ReduceMin"), .. Reduction("ReduceProd"),
        .. Reduction("ReduceL1"), .. Reduction("ReduceL2"), .. Reduction("ReduceSumSquare"), .. Reduction("ReduceLogSum", 0.2), .. Reduction("ReduceLogSumExp"),
        new RuleCase("LayerNormalization", "last axis", [Of(2, 3, 5), In(0.5, 2, 5), Of(5)]) { Opset = 17 },
        new RuleCase("LayerNormalization", "no bias, other epsilon", [Of(2, 5), In(0.5, 2, 5)], ("epsilon", 0.1f)) { Opset = 17 },
        new RuleCase("LayerNormalization", "three axes", [Of(2, 3, 2, 2), In(0.5, 2, 3, 2, 2), Of(3, 2, 2)], ("axis", 1L)) { Opset = 17 },
        new RuleCase("LayerNormalization", "scale broadcast", [Of(2, 3, 4), In(0.5, 2, 1, 4), Of(3, 1)], ("axis", -2L)) { Opset = 17 },
        new RuleCase("LRN", "five channels", [In(-2, 2, 1, 7, 2, 3)], ("size", 5L), ("alpha", 0.5f), ("beta", 0.75f), ("bias", 1.5f)).InFloat32(),
        new RuleCase("LRN", "three channels", [In(-2, 2, 2, 5, 2, 2)], ("size", 3L), ("alpha", 0.5f), ("beta", 0.6f), ("bias", 2f)).InFloat32(),
        new RuleCase("LRN", "AlexNet's, defaults", [In(-20, 20, 2, 7, 2, 3)], ("size", 5L)).InFloat32(),
        new RuleCase("LRN", "wider than the channels", [Of(1, 3, 2, 2)], ("size", 9L), ("alpha", 0.9f)).InFloat32(),
    ];

    // Every reduction comes with its axes as an input or, in older files, as an attribute, and with or without the axis in the result.
    private static IEnumerable<RuleCase> Reduction(string op, double low = -1, int axesSince = 18) =>
    [
        new RuleCase(op, "over places", [In(low, 1, 2, 3, 2, 2), Ints(2, 3)]).InFloat32(),
        new RuleCase(op, "one axis of three", [In(low, 1, 2, 3, 2), Ints(1)], ("keepdims", 0L)).InFloat32(),
        new RuleCase(op, $"before opset {axesSince}, axes gone", [In(low, 1, 2, 3, 2)], ("axes", L(0, -1)), ("keepdims", 0L)) { Opset = 11 }.InFloat32(),
        new RuleCase(op, "over all", [In(low, 1, 2, 3)]).InFloat32(),
        new RuleCase(op, "a vector for each picture", [In(low, 1, 3, 4), Ints(-1)]).InFloat32(),
    ];
}
