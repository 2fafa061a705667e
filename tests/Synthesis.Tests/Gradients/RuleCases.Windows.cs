using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Windows =>
    [
        new RuleCase("Conv", "3 x 3, padded", [Of(2, 3, 6, 5), Fixed(-1, 1, 4, 3, 3, 3), Fixed(-1, 1, 4)], ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "no padding, kernel from the weights", [Of(1, 2, 5, 5), Fixed(-1, 1, 3, 2, 3, 2)]).InFloat32(),
        new RuleCase("Conv", "1 x 1", [Of(1, 4, 3, 3), Fixed(-1, 1, 5, 4, 1, 1)]).InFloat32(),
        new RuleCase("Conv", "1 x 1, stride 2", [Of(1, 4, 6, 5), Fixed(-1, 1, 5, 4, 1, 1)], ("strides", L(2, 2))).InFloat32(),
        new RuleCase("Conv", "stride 2, values left over", [Of(1, 3, 8, 7), Fixed(-1, 1, 2, 3, 3, 3)], ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "7 x 7, stride 2", [Of(1, 3, 12, 11), Fixed(-1, 1, 4, 3, 7, 7)], ("strides", L(2, 2)), ("pads", L(3, 3, 3, 3))).InFloat32(),
        new RuleCase("Conv", "11 x 11, stride 4", [Of(1, 3, 23, 24), Fixed(-1, 1, 2, 3, 11, 11)], ("strides", L(4, 4)), ("pads", L(2, 2, 2, 2))).InFloat32(),
        new RuleCase("Conv", "unequal strides and pads", [Of(1, 2, 7, 9), Fixed(-1, 1, 3, 2, 3, 2)], ("strides", L(1, 3)), ("pads", L(0, 1, 2, 0))).InFloat32(),
        new RuleCase("Conv", "stride 4 over kernel 2", [Of(1, 2, 11, 11), Fixed(-1, 1, 3, 2, 2, 2)], ("strides", L(4, 4))).InFloat32(),
        new RuleCase("Conv", "dilated", [Of(1, 2, 8, 8), Fixed(-1, 1, 3, 2, 3, 3)], ("dilations", L(2, 2)), ("pads", L(2, 2, 2, 2))).InFloat32(),
        new RuleCase("Conv", "dilated, stride 2", [Of(1, 2, 9, 10), Fixed(-1, 1, 3, 2, 3, 3)], ("dilations", L(2, 1)), ("strides", L(2, 2)), ("pads", L(2, 1, 2, 1))).InFloat32(),
        new RuleCase("Conv", "two groups", [Of(1, 4, 5, 5), Fixed(-1, 1, 6, 2, 3, 3)], ("group", 2L), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "two groups, stride 2", [Of(1, 4, 6, 6), Fixed(-1, 1, 6, 2, 3, 3)], ("group", 2L), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "depthwise", [Of(1, 3, 5, 6), Fixed(-1, 1, 3, 1, 3, 3)], ("group", 3L), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "padding wider than the window", [Of(1, 2, 4, 4), Fixed(-1, 1, 3, 2, 2, 2)], ("pads", L(3, 2, 2, 3))).InFloat32(),
        new RuleCase("Conv", "auto_pad SAME_UPPER", [Of(1, 2, 6, 7), Fixed(-1, 1, 3, 2, 3, 4)], ("auto_pad", "SAME_UPPER"), ("strides", L(2, 2))).InFloat32(),
        new RuleCase("Conv", "auto_pad SAME_LOWER", [Of(1, 2, 6, 7), Fixed(-1, 1, 3, 2, 3, 4)], ("auto_pad", "SAME_LOWER")).InFloat32(),
        new RuleCase("Conv", "auto_pad VALID", [Of(1, 2, 6, 7), Fixed(-1, 1, 3, 2, 3, 3)], ("auto_pad", "VALID")).InFloat32(),
        new RuleCase("Conv", "one dimension", [Of(2, 2, 9), Fixed(-1, 1, 3, 2, 4)], ("strides", L(2)), ("pads", L(1, 2))).InFloat32(),
        new RuleCase("Conv", "three dimensions", [Of(1, 1, 4, 5, 4), Fixed(-1, 1, 2, 1, 2, 3, 2)], ("pads", L(1, 1, 0, 0, 1, 1))).InFloat32(),
        new RuleCase("Conv", "1 x 1, padded", [Of(1, 2, 4, 4), Fixed(-1, 1, 3, 2, 1, 1)], ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "depthwise with two maps each, stride 2", [Of(1, 3, 7, 7), Fixed(-1, 1, 6, 1, 3, 3)], ("group", 3L), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("ConvTranspose", "stride 2", [Of(1, 3, 4, 5), Fixed(-1, 1, 3, 2, 2, 2), Fixed(-1, 1, 2)], ("strides", L(2, 2))).InFloat32(),
        new RuleCase("ConvTranspose", "stride 2, padded, output padded", [Of(2, 3, 4, 5), Fixed(-1, 1, 3, 2, 3, 3)], ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1)), ("output_padding", L(1, 1))).InFloat32(),
        new RuleCase("ConvTranspose", "stride 1, unequal pads", [Of(1, 2, 5, 4), Fixed(-1, 1, 2, 3, 3, 2)], ("pads", L(0, 1, 2, 0))).InFloat32(),
        new RuleCase("ConvTranspose", "stride wider than the window", [Of(1, 2, 3, 3), Fixed(-1, 1, 2, 2, 2, 2)], ("strides", L(3, 3)), ("output_padding", L(2, 1))).InFloat32(),
        new RuleCase("ConvTranspose", "dilated", [Of(1, 2, 4, 4), Fixed(-1, 1, 2, 2, 3, 3)], ("dilations", L(2, 2)), ("strides", L(2, 1)), ("pads", L(1, 2, 1, 0))).InFloat32(),
        new RuleCase("ConvTranspose", "two groups", [Of(1, 4, 3, 4), Fixed(-1, 1, 4, 2, 3, 3)], ("group", 2L), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("ConvTranspose", "depthwise", [Of(1, 3, 3, 4), Fixed(-1, 1, 3, 1, 4, 4)], ("group", 3L), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("ConvTranspose", "auto_pad SAME_UPPER", [Of(1, 2, 4, 3), Fixed(-1, 1, 2, 2, 3, 4)], ("strides", L(2, 2)), ("auto_pad", "SAME_UPPER")).InFloat32(),
        new RuleCase("ConvTranspose", "auto_pad SAME_LOWER", [Of(1, 2, 4, 3), Fixed(-1, 1, 2, 2, 3, 4)], ("strides", L(2, 2)), ("auto_pad", "SAME_LOWER")).InFloat32(),
        new RuleCase("ConvTranspose", "given output shape", [Of(1, 2, 4, 3), Fixed(-1, 1, 2, 2, 3, 3)], ("strides", L(2, 2)), ("output_shape", L(8, 6))).InFloat32(),
        new RuleCase("ConvTranspose", "one dimension", [Of(2, 2, 5), Fixed(-1, 1, 2, 3, 4)], ("strides", L(2)), ("pads", L(1, 1))).InFloat32(),
        new RuleCase("ConvTranspose", "three dimensions", [Of(1, 2, 2, 3, 2), Fixed(-1, 1, 2, 1, 2, 2, 2)], ("strides", L(2, 1, 2))).InFloat32(),
        new RuleCase("Conv", "one value", [Of(1, 2, 1, 1), Fixed(-1, 1, 3, 2, 3, 3)], ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "one dimension, depthwise, dilated", [Of(2, 3, 9), Fixed(-1, 1, 3, 1, 3)], ("group", 3L), ("dilations", L(2)), ("pads", L(2, 2))).InFloat32(),
        new RuleCase("Conv", "three dimensions, stride 2", [Of(1, 2, 5, 4, 5), Fixed(-1, 1, 2, 2, 3, 3, 3)], ("strides", L(2, 2, 1)), ("pads", L(1, 1, 1, 1, 1, 1))).InFloat32(),
        new RuleCase("Conv", "auto_pad SAME_LOWER, stride 3", [Of(1, 2, 9, 8), Fixed(-1, 1, 2, 2, 3, 2)], ("auto_pad", "SAME_LOWER"), ("strides", L(3, 3))).InFloat32(),
        new RuleCase("BatchNormalization", "four dimensions",
            [Of(2, 3, 2, 2), Fixed(-1, 2, 3), Fixed(-1, 1, 3), Fixed(-1, 1, 3), Fixed(0.1, 2, 3)], ("epsilon", 1e-3f)),
        new RuleCase("BatchNormalization", "two dimensions, opset 9",
            [Of(3, 4), Fixed(-1, 2, 4), Fixed(-1, 1, 4), Fixed(-1, 1, 4), Fixed(0.1, 2, 4)]) { Opset = 9 },
        new RuleCase("BatchNormalization", "opset 7",
            [Of(1, 3, 2, 2), Fixed(-1, 2, 3), Fixed(-1, 1, 3), Fixed(-1, 1, 3), Fixed(0.1, 2, 3)]) { Opset = 7 },
    ];
}
