using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Functions =>
    [
        new RuleCase("Relu", "both signs", [Of(3, 5)]),
        new RuleCase("LeakyRelu", "both signs", [Of(3, 5)], ("alpha", 0.1f)).InFloat32(),
        new RuleCase("LeakyRelu", "default slope", [Of(3, 5)]).InFloat32(),
        new RuleCase("Elu", "both signs", [Of(3, 5)], ("alpha", 1.5f)).InFloat32(),
        new RuleCase("Elu", "default", [Of(3, 5)]).InFloat32(),
        new RuleCase("Clip", "both limits", [In(-2, 2, 4, 5), Number(-0.5), Number(1)]),
        new RuleCase("Clip", "upper limit only", [In(-2, 2, 4, 5), Absent, Number(0.5)]),
        new RuleCase("Clip", "lower limit only", [In(-2, 2, 4, 5), Number(-0.5)]),
        new RuleCase("Clip", "no limits", [In(-2, 2, 4, 5)]),
        new RuleCase("Clip", "opset 7, as in ReLU6", [In(-2, 2, 4, 5)], ("min", 0f), ("max", 1f)) { Opset = 7 }.InFloat32(),
        new RuleCase("Softmax", "last axis", [In(-2, 2, 3, 4)]),
        new RuleCase("Softmax", "middle axis", [In(-2, 2, 2, 3, 2)], ("axis", 1L)),
        new RuleCase("Softmax", "opset 11, all that follows the axis", [In(-2, 2, 2, 3, 2)], ("axis", 1L)) { Opset = 11 },
        new RuleCase("LogSoftmax", "last axis", [In(-2, 2, 3, 4)]),
        new RuleCase("LogSoftmax", "opset 11", [In(-2, 2, 2, 3, 2)]) { Opset = 11 },
        new RuleCase("LogSoftmax", "middle axis", [In(-2, 2, 2, 3, 2)], ("axis", 1L)),
        new RuleCase("LogSoftmax", "large scores", [In(-60, 60, 3, 4)]),
        new RuleCase("Sqrt", "positive", [In(0.2, 3, 2, 4)]),
        new RuleCase("Pow", "square", [Of(2, 4), Number(2)]),
        new RuleCase("Pow", "cube", [Of(2, 4), Number(3)]),
        new RuleCase("Pow", "root", [In(0.2, 3, 2, 4), Number(0.5)]),
        new RuleCase("Pow", "an exponent for each column", [In(0.2, 3, 2, 3), Fixed(-2, 3, 3)]),
        new RuleCase("Exp", "both signs", [Of(2, 4)]),
        new RuleCase("Log", "positive", [In(0.2, 3, 2, 4)]),
        new RuleCase("Sigmoid", "both signs", [In(-4, 4, 3, 4)]),
        new RuleCase("Softplus", "both signs", [In(-4, 4, 3, 4)]),
        new RuleCase("Tanh", "both signs", [In(-2, 2, 3, 4)]),
    ];
}
