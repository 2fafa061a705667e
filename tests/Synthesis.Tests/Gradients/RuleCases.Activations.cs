using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Activations =>
    [
        new RuleCase("Abs", "both signs", [Of(3, 5)]),
        new RuleCase("Reciprocal", "positive", [In(0.3, 2, 2, 3)]),
        new RuleCase("Reciprocal", "negative", [In(-2, -0.3, 2, 3)]),
        new RuleCase("Erf", "both signs", [In(-2, 2, 3, 5)]).InFloat32(),
        new RuleCase("HardSigmoid", "default", [In(-4, 4, 4, 5)]).InFloat32(),
        new RuleCase("HardSigmoid", "as in MobileNet", [In(-5, 5, 4, 5)], ("alpha", 1 / 6f), ("beta", 0.5f)).InFloat32(),
        new RuleCase("Selu", "default", [In(-2, 2, 3, 5)]).InFloat32(),
        new RuleCase("Selu", "other constants", [In(-2, 2, 3, 5)], ("alpha", 0.7f), ("gamma", 1.5f)).InFloat32(),
        new RuleCase("Celu", "default", [In(-2, 2, 3, 5)]).InFloat32(),
        new RuleCase("Celu", "alpha 2", [In(-2, 2, 3, 5)], ("alpha", 2f)).InFloat32(),
        new RuleCase("PRelu", "a slope for each channel", [Of(2, 3, 2, 2), In(0.1, 0.5, 3, 1, 1)]).InFloat32(),
        new RuleCase("PRelu", "one slope", [Of(3, 4), In(0.1, 0.5, 1)]).InFloat32(),
        new RuleCase("PRelu", "negative slope for each value, opset 7", [Of(3, 4), In(-0.5, -0.1, 3, 4)]) { Opset = 7 }.InFloat32(),
        new RuleCase("ThresholdedRelu", "default", [In(-2, 2, 4, 5)]).InFloat32(),
        new RuleCase("ThresholdedRelu", "low threshold", [In(-2, 2, 4, 5)], ("alpha", -0.5f)).InFloat32(),
        new RuleCase("Shrink", "with bias", [In(-2, 2, 4, 5)], ("lambd", 0.7f), ("bias", 0.2f)),
        new RuleCase("Sin", "a whole turn", [In(-3, 3, 3, 4)]),
        new RuleCase("Cos", "a whole turn", [In(-3, 3, 3, 4)]).InFloat32(),
        new RuleCase("Tan", "within its branch", [In(-1, 1, 3, 4)]).InFloat32(),
        new RuleCase("Asin", "inside", [In(-0.8, 0.8, 3, 4)]).InFloat32(),
        new RuleCase("Acos", "inside", [In(-0.8, 0.8, 3, 4)]).InFloat32(),
        new RuleCase("Atan", "both signs", [In(-2, 2, 3, 4)]).InFloat32(),
        new RuleCase("Sinh", "both signs", [In(-2, 2, 3, 4)]).InFloat32(),
        new RuleCase("Cosh", "both signs", [In(-2, 2, 3, 4)]).InFloat32(),
        new RuleCase("Asinh", "both signs", [In(-2, 2, 3, 4)]).InFloat32(),
        new RuleCase("Acosh", "above 1", [In(1.3, 4, 3, 4)]).InFloat32(),
        new RuleCase("Atanh", "inside", [In(-0.8, 0.8, 3, 4)]).InFloat32(),
    ];
}
