using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Layout =>
    [
        new RuleCase("Concat", "channels", [Of(1, 2, 2), Of(1, 3, 2), Of(1, 1, 2)], ("axis", 1L)),
        new RuleCase("Concat", "last axis", [Of(2, 2), Of(2, 1)], ("axis", -1L)),
        new RuleCase("Concat", "batch", [Of(2, 3), Of(1, 3)], ("axis", 0L)),
        new RuleCase("Reshape", "with an open dimension", [Of(2, 3, 2), Ints(0, -1)]),
        new RuleCase("Flatten", "default axis", [Of(2, 3, 2)]),
        new RuleCase("Flatten", "axis 0", [Of(2, 3)], ("axis", 0L)),
        new RuleCase("Flatten", "negative axis", [Of(2, 3, 2)], ("axis", -1L)),
        new RuleCase("Transpose", "default order", [Of(2, 3, 4)]),
        new RuleCase("Transpose", "channels last", [Of(1, 3, 2, 4)], ("perm", L(0, 2, 3, 1))),
        new RuleCase("Transpose", "not its own inverse", [Of(1, 3, 2, 4)], ("perm", L(3, 0, 1, 2))),
        new RuleCase("Squeeze", "given axes", [Of(2, 1, 3, 1), Ints(1)]),
        new RuleCase("Squeeze", "opset 11", [Of(2, 1, 3, 1)], ("axes", L(1, 3))) { Opset = 11 },
        new RuleCase("Squeeze", "all", [Of(1, 2, 1)]),
        new RuleCase("Unsqueeze", "given axes", [Of(2, 3), Ints(0, -1)]),
        new RuleCase("Unsqueeze", "opset 11", [Of(2, 3)], ("axes", L(1))) { Opset = 11 },
        new RuleCase("Gather", "one place", [Of(2, 4, 3), new Operand([], Differentiable: false) { Integers = [-1] }], ("axis", 1L)),
        new RuleCase("Gather", "a run of places", [Of(2, 5), Ints(1, 2, 3)], ("axis", 1L)),
        new RuleCase("Gather", "all, turned round", [Of(2, 3, 2), Ints(2, 1, 0)], ("axis", 1L)),
        new RuleCase("Gather", "repeats, in a matrix", [Of(4, 2), new Operand([2, 3], Differentiable: false) { Integers = [0, 2, 2, -1, 0, 1] }]),
        new RuleCase("Slice", "two axes", [Of(3, 4, 5), Ints(1, -3), Ints(3, 100), Ints(0, 2)]),
        new RuleCase("Slice", "every second", [Of(2, 7), Ints(1), Ints(7), Ints(1), Ints(2)]),
        new RuleCase("Slice", "backwards", [Of(2, 6), Ints(-1), Ints(-100), Ints(1), Ints(-2)]),
        new RuleCase("Slice", "backwards, all", [Of(2, 5), Ints(-1), Ints(long.MinValue), Ints(-1), Ints(-1)]),
        new RuleCase("Slice", "backwards, between", [Of(2, 6, 2), Ints(4), Ints(0), Ints(1), Ints(-2)]),
        new RuleCase("Slice", "step 3 and a rest, negative axis", [Of(2, 5, 3), Ints(1, -2), Ints(long.MaxValue, 3), Ints(-2, 2), Ints(3, 1)]),
        new RuleCase("Slice", "opset 9", [Of(3, 4)], ("starts", L(0, 1)), ("ends", L(2, -1))) { Opset = 9 },
        new RuleCase("Split", "given sizes", [Of(2, 6), Ints(1, 3, 2)], ("axis", 1L)) { Outputs = 3 },
        new RuleCase("Split", "opset 11", [Of(2, 4)], ("axis", -1L), ("split", L(1, 3))) { Opset = 11, Outputs = 2 },
        new RuleCase("Split", "opset 13, equal", [Of(4, 2)]) { Opset = 13, Outputs = 2 },
        new RuleCase("Split", "equal parts by number", [Of(4, 2)], ("num_outputs", 2L)) { Outputs = 2 },
        new RuleCase("Pad", "constant", [Of(2, 3), Ints(1, 0, 0, 2)]),
        new RuleCase("Pad", "some cut off", [Of(3, 4), Ints(-1, 1, 0, -2)]),
        new RuleCase("Pad", "given axes", [Of(2, 3, 2), Ints(1, 2), Number(0.5), Ints(-1)]),
        new RuleCase("Pad", "reflect", [Of(1, 1, 4, 3), Ints(0, 0, 2, 1, 0, 0, 3, 2)], ("mode", "reflect")),
        new RuleCase("Pad", "edge", [Of(1, 1, 2, 3), Ints(0, 0, 2, 0, 0, 0, 1, 2)], ("mode", "edge")),
        new RuleCase("Pad", "wrap, opset 19", [Of(1, 1, 4, 3), Ints(0, 0, 2, 1, 0, 0, 3, 2)], ("mode", "wrap")) { Opset = 19 },
        new RuleCase("Pad", "a value", [Of(2, 3), Ints(1, 2, 0, 1), Number(0.7)]),
        new RuleCase("Pad", "opset 9", [Of(2, 3)], ("pads", L(0, 1, 1, 0)), ("value", 2f)) { Opset = 9 }.InFloat32(),
        new RuleCase("Identity", "plain", [Of(2, 3)]),
        new RuleCase("Dropout", "in inference", [Of(2, 3)]),
        new RuleCase("Cast", "to the same width", [Of(2, 3)], ("to", 11L)),
    ];
}
