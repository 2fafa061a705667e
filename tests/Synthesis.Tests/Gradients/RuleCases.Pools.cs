using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Pools =>
    [
        new RuleCase("MaxPool", "2 x 2", [Of(2, 2, 6, 4)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))),
        new RuleCase("MaxPool", "2 x 2, float32", [Of(2, 2, 6, 4)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))).InFloat32(),
        new RuleCase("MaxPool", "3 x 2 side by side, float32", [Of(1, 2, 9, 4)], ("kernel_shape", L(3, 2)), ("strides", L(3, 2))).InFloat32(),
        new RuleCase("MaxPool", "one dimension, side by side, float32", [Of(2, 2, 9)], ("kernel_shape", L(3)), ("strides", L(3))).InFloat32(),
        new RuleCase("MaxPool", "3 x 3, stride 2, padded", [Of(1, 2, 8, 7)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))),
        new RuleCase("MaxPool", "3 x 3, stride 2, values left over", [Of(1, 2, 8, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2))),
        new RuleCase("MaxPool", "all negative, padded", [In(-3, -1, 1, 1, 5, 5)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))),
        new RuleCase("MaxPool", "ceil_mode", [Of(1, 2, 8, 9)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("ceil_mode", 1L)),
        new RuleCase("MaxPool", "stride 1", [Of(1, 2, 5, 4)], ("kernel_shape", L(3, 3)), ("pads", L(1, 1, 1, 1))),
        new RuleCase("MaxPool", "unequal strides and pads", [Of(1, 2, 7, 9)], ("kernel_shape", L(2, 4)), ("strides", L(1, 3)), ("pads", L(0, 2, 1, 1))),
        new RuleCase("MaxPool", "stride wider than the window", [Of(1, 1, 9, 9)], ("kernel_shape", L(2, 2)), ("strides", L(3, 3))),
        new RuleCase("MaxPool", "dilated", [Of(1, 1, 8, 8)], ("kernel_shape", L(2, 3)), ("strides", L(2, 1)), ("dilations", L(3, 2))),
        new RuleCase("MaxPool", "auto_pad SAME_UPPER", [Of(1, 1, 6, 7)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("auto_pad", "SAME_UPPER")),
        new RuleCase("MaxPool", "one dimension", [Of(2, 2, 9)], ("kernel_shape", L(3)), ("strides", L(2))),
        new RuleCase("MaxPool", "three dimensions", [Of(1, 1, 4, 5, 4)], ("kernel_shape", L(2, 2, 2)), ("strides", L(2, 1, 2))),
        new RuleCase("MaxPool", "padded after the last value only", [Of(1, 2, 8, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(0, 0, 1, 1))),
        new RuleCase("MaxPool", "ceil_mode, padded", [Of(1, 2, 7, 6)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2)), ("pads", L(1, 0, 1, 0)), ("ceil_mode", 1L)),
        new RuleCase("AveragePool", "ceil_mode, padded", [Of(1, 2, 7, 6)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2)), ("pads", L(1, 0, 1, 0)), ("ceil_mode", 1L)).InFloat32(),
        new RuleCase("MaxPool", "ceil_mode, padded, stride 3", [Of(1, 2, 11, 8)], ("kernel_shape", L(3, 2)), ("strides", L(3, 3)), ("pads", L(1, 1, 1, 1)), ("ceil_mode", 1L)),
        new RuleCase("MaxPool", "ceil_mode over nothing to spare", [Of(1, 2, 7, 5)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2)), ("ceil_mode", 1L)),
        new RuleCase("AveragePool", "2 x 2", [Of(2, 2, 6, 4)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))).InFloat32(),
        new RuleCase("AveragePool", "padded, padding not counted", [Of(1, 2, 7, 6)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).InFloat32(),
        new RuleCase("AveragePool", "padded, padding counted", [Of(1, 2, 7, 6)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1)), ("count_include_pad", 1L)).InFloat32(),
        new RuleCase("AveragePool", "ceil_mode", [Of(1, 2, 6, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("ceil_mode", 1L)).InFloat32(),
        new RuleCase("AveragePool", "ceil_mode, padding counted", [Of(1, 2, 6, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1)), ("ceil_mode", 1L), ("count_include_pad", 1L)).InFloat32(),
        new RuleCase("AveragePool", "stride 1, auto_pad SAME_LOWER", [Of(1, 2, 5, 5)], ("kernel_shape", L(3, 2)), ("auto_pad", "SAME_LOWER")).InFloat32(),
        new RuleCase("AveragePool", "whole picture", [Of(1, 3, 7, 7)], ("kernel_shape", L(7, 7))).InFloat32(),
        new RuleCase("AveragePool", "one dimension", [Of(1, 3, 9)], ("kernel_shape", L(3)), ("strides", L(3))).InFloat32(),
        new RuleCase("AveragePool", "values left over", [Of(1, 2, 7, 9)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))).InFloat32(),
        new RuleCase("AveragePool", "unequal pads, padding counted", [Of(1, 2, 7, 8)], ("kernel_shape", L(3, 2)), ("strides", L(1, 3)), ("pads", L(2, 0, 1, 1)), ("count_include_pad", 1L)).InFloat32(),
        new RuleCase("AveragePool", "stride 2, auto_pad SAME_UPPER", [Of(1, 2, 7, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("auto_pad", "SAME_UPPER")).InFloat32(),
        new RuleCase("AveragePool", "dilated, opset 19", [Of(1, 2, 7, 8)], ("kernel_shape", L(2, 3)), ("dilations", L(3, 2)), ("strides", L(2, 1))) { Opset = 19 }.InFloat32(),
        new RuleCase("AveragePool", "ceil_mode, opset 22", [Of(1, 2, 7, 6)], ("kernel_shape", L(3, 2)), ("strides", L(2, 2)), ("pads", L(1, 0, 1, 0)), ("ceil_mode", 1L)) { Opset = 22 }.InFloat32(),
        new RuleCase("MaxPool", "with indices", [Of(1, 2, 6, 6)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))) { HiddenOutputs = 1 },
        new RuleCase("MaxPool", "larger than the picture", [Of(1, 2, 2, 2)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))),
        new RuleCase("LpPool", "2 x 2", [Of(1, 2, 6, 4)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))).InFloat32(),
        new RuleCase("LpPool", "padded, overlapping", [Of(1, 2, 7, 6)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1)), ("p", 3L)).InFloat32(),
        new RuleCase("LpPool", "p 1, values left over", [Of(1, 2, 7, 6)], ("kernel_shape", L(2, 2)), ("strides", L(3, 2)), ("p", 1L)).InFloat32(),
        new RuleCase("GlobalLpPool", "default", [Of(2, 3, 4, 5)]).InFloat32(),
        new RuleCase("GlobalLpPool", "p 3, one dimension", [Of(2, 3, 5)], ("p", 3L)).InFloat32(),
        new RuleCase("GlobalAveragePool", "one dimension", [Of(2, 3, 7)]).InFloat32(),
        new RuleCase("GlobalAveragePool", "a batch", [Of(2, 3, 4, 5)]).InFloat32(),
        new RuleCase("GlobalMaxPool", "a batch", [Of(2, 3, 4, 5)]).InFloat32(),
    ];
}
