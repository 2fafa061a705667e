using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>The table of cases: operator, what is special, operands with the range they are drawn from, attributes.</summary>
internal static partial class RuleCases
{
    public static IReadOnlyList<RuleCase> All { get; } = [.. Windows, .. Pools, .. Arithmetic, .. Layout, .. Functions];

    private static long[] L(params long[] values) => values;

    private static IEnumerable<RuleCase> Windows =>
    [
        new RuleCase("Conv", "3 x 3, padded", [Of(2, 3, 6, 5), Fixed(-1, 1, 4, 3, 3, 3), Fixed(-1, 1, 4)], ("pads", L(1, 1, 1, 1))).LinearFloat(),
        new RuleCase("Conv", "no padding, kernel from the weights", [Of(1, 2, 5, 5), Fixed(-1, 1, 3, 2, 3, 2)]).LinearFloat(),
        new RuleCase("Conv", "1 x 1", [Of(1, 4, 3, 3), Fixed(-1, 1, 5, 4, 1, 1)]).LinearFloat(),
        new RuleCase("Conv", "1 x 1, stride 2", [Of(1, 4, 6, 5), Fixed(-1, 1, 5, 4, 1, 1)], ("strides", L(2, 2))).LinearFloat(),
        new RuleCase("Conv", "stride 2, values left over", [Of(1, 3, 8, 7), Fixed(-1, 1, 2, 3, 3, 3)], ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).LinearFloat(),
        new RuleCase("Conv", "7 x 7, stride 2", [Of(1, 3, 12, 11), Fixed(-1, 1, 4, 3, 7, 7)], ("strides", L(2, 2)), ("pads", L(3, 3, 3, 3))).LinearFloat(),
        new RuleCase("Conv", "11 x 11, stride 4", [Of(1, 3, 23, 24), Fixed(-1, 1, 2, 3, 11, 11)], ("strides", L(4, 4)), ("pads", L(2, 2, 2, 2))).LinearFloat(),
        new RuleCase("Conv", "unequal strides and pads", [Of(1, 2, 7, 9), Fixed(-1, 1, 3, 2, 3, 2)], ("strides", L(1, 3)), ("pads", L(0, 1, 2, 0))).LinearFloat(),
        new RuleCase("Conv", "stride 4 over kernel 2", [Of(1, 2, 11, 11), Fixed(-1, 1, 3, 2, 2, 2)], ("strides", L(4, 4))).LinearFloat(),
        new RuleCase("Conv", "dilated", [Of(1, 2, 8, 8), Fixed(-1, 1, 3, 2, 3, 3)], ("dilations", L(2, 2)), ("pads", L(2, 2, 2, 2))).LinearFloat(),
        new RuleCase("Conv", "dilated, stride 2", [Of(1, 2, 9, 10), Fixed(-1, 1, 3, 2, 3, 3)], ("dilations", L(2, 1)), ("strides", L(2, 2)), ("pads", L(2, 1, 2, 1))).LinearFloat(),
        new RuleCase("Conv", "two groups", [Of(1, 4, 5, 5), Fixed(-1, 1, 6, 2, 3, 3)], ("group", 2L), ("pads", L(1, 1, 1, 1))).LinearFloat(),
        new RuleCase("Conv", "two groups, stride 2", [Of(1, 4, 6, 6), Fixed(-1, 1, 6, 2, 3, 3)], ("group", 2L), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).LinearFloat(),
        new RuleCase("Conv", "depthwise", [Of(1, 3, 5, 6), Fixed(-1, 1, 3, 1, 3, 3)], ("group", 3L), ("pads", L(1, 1, 1, 1))).LinearFloat(),
        new RuleCase("Conv", "padding wider than the window", [Of(1, 2, 4, 4), Fixed(-1, 1, 3, 2, 2, 2)], ("pads", L(3, 2, 2, 3))).LinearFloat(),
        new RuleCase("Conv", "auto_pad SAME_UPPER", [Of(1, 2, 6, 7), Fixed(-1, 1, 3, 2, 3, 4)], ("auto_pad", "SAME_UPPER"), ("strides", L(2, 2))).LinearFloat(),
        new RuleCase("Conv", "auto_pad SAME_LOWER", [Of(1, 2, 6, 7), Fixed(-1, 1, 3, 2, 3, 4)], ("auto_pad", "SAME_LOWER")).LinearFloat(),
        new RuleCase("Conv", "auto_pad VALID", [Of(1, 2, 6, 7), Fixed(-1, 1, 3, 2, 3, 3)], ("auto_pad", "VALID")).LinearFloat(),
        new RuleCase("Conv", "one dimension", [Of(2, 2, 9), Fixed(-1, 1, 3, 2, 4)], ("strides", L(2)), ("pads", L(1, 2))).LinearFloat(),
        new RuleCase("Conv", "three dimensions", [Of(1, 1, 4, 5, 4), Fixed(-1, 1, 2, 1, 2, 3, 2)], ("pads", L(1, 1, 0, 0, 1, 1))).LinearFloat(),
        new RuleCase("BatchNormalization", "four dimensions",
            [Of(2, 3, 2, 2), Fixed(-1, 2, 3), Fixed(-1, 1, 3), Fixed(-1, 1, 3), Fixed(0.1, 2, 3)], ("epsilon", 1e-3f)) { Step = 0.1 },
        new RuleCase("BatchNormalization", "two dimensions, opset 9",
            [Of(3, 4), Fixed(-1, 2, 4), Fixed(-1, 1, 4), Fixed(-1, 1, 4), Fixed(0.1, 2, 4)]) { Opset = 9, Step = 0.1 },
        new RuleCase("BatchNormalization", "opset 7",
            [Of(1, 3, 2, 2), Fixed(-1, 2, 3), Fixed(-1, 1, 3), Fixed(-1, 1, 3), Fixed(0.1, 2, 3)]) { Opset = 7, Step = 0.1 },
        new RuleCase("LRN", "five channels", [In(-2, 2, 1, 7, 2, 3)], ("size", 5L), ("alpha", 0.5f), ("beta", 0.75f), ("bias", 1.5f)).Float(5e-3, 2e-4),
        new RuleCase("LRN", "three channels", [In(-2, 2, 2, 5, 2, 2)], ("size", 3L), ("alpha", 0.5f), ("beta", 0.6f), ("bias", 2f)).Float(5e-3, 2e-4),
    ];

    private static IEnumerable<RuleCase> Pools =>
    [
        new RuleCase("MaxPool", "2 x 2", [Of(2, 2, 6, 4)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))),
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
        new RuleCase("AveragePool", "2 x 2", [Of(2, 2, 6, 4)], ("kernel_shape", L(2, 2)), ("strides", L(2, 2))).LinearFloat(),
        new RuleCase("AveragePool", "padded, padding not counted", [Of(1, 2, 7, 6)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1))).LinearFloat(),
        new RuleCase("AveragePool", "padded, padding counted", [Of(1, 2, 7, 6)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1)), ("count_include_pad", 1L)).LinearFloat(),
        new RuleCase("AveragePool", "ceil_mode", [Of(1, 2, 6, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("ceil_mode", 1L)).LinearFloat(),
        new RuleCase("AveragePool", "ceil_mode, padding counted", [Of(1, 2, 6, 8)], ("kernel_shape", L(3, 3)), ("strides", L(2, 2)), ("pads", L(1, 1, 1, 1)), ("ceil_mode", 1L), ("count_include_pad", 1L)).LinearFloat(),
        new RuleCase("AveragePool", "stride 1, auto_pad SAME_LOWER", [Of(1, 2, 5, 5)], ("kernel_shape", L(3, 2)), ("auto_pad", "SAME_LOWER")).LinearFloat(),
        new RuleCase("AveragePool", "whole picture", [Of(1, 3, 7, 7)], ("kernel_shape", L(7, 7))).LinearFloat(),
        new RuleCase("AveragePool", "one dimension", [Of(1, 3, 9)], ("kernel_shape", L(3)), ("strides", L(3))).LinearFloat(),
        new RuleCase("GlobalAveragePool", "a batch", [Of(2, 3, 4, 5)]).LinearFloat(),
        new RuleCase("GlobalMaxPool", "a batch", [Of(2, 3, 4, 5)]).Float(1e-3, 1e-3),
    ];

    private static IEnumerable<RuleCase> Arithmetic =>
    [
        new RuleCase("Add", "same shape", [Of(2, 3), Of(2, 3)]) { Step = 0.1 },
        new RuleCase("Add", "both broadcast", [Of(2, 1, 3), Of(4, 1)]) { Step = 0.1 },
        new RuleCase("Add", "scalar", [Of(2, 3), In(-1, 1, 1)]) { Step = 0.1 },
        new RuleCase("Sub", "both broadcast", [Of(2, 1, 3), Of(4, 1)]) { Step = 0.1 },
        new RuleCase("Mul", "both broadcast", [Of(2, 1, 3), Of(4, 1)]) { Step = 0.1 },
        new RuleCase("Mul", "per channel", [Of(1, 3, 2, 2), Of(3, 1, 1)]) { Step = 0.1 },
        new RuleCase("Div", "both broadcast", [Of(2, 1, 3), In(0.5, 2, 4, 1)]),
        new RuleCase("Sum", "three, broadcast", [Of(2, 3), Of(3), Of(2, 1)]) { Step = 0.1 },
        new RuleCase("Neg", "plain", [Of(2, 3)]) { Step = 0.1 },
        new RuleCase("Gemm", "plain, with bias", [Of(2, 3), Of(3, 4), Of(4)]) { Step = 0.1 },
        new RuleCase("Gemm", "weights transposed", [Of(2, 3), Of(4, 3), Of(2, 4)], ("transB", 1L)) { Step = 0.1 },
        new RuleCase("Gemm", "data transposed, scaled", [Of(3, 2), Of(3, 4), Of(2, 1)], ("transA", 1L), ("alpha", 0.5f), ("beta", 2f)) { Step = 0.1 },
        new RuleCase("Gemm", "both transposed, no bias", [Of(3, 2), Of(4, 3)], ("transA", 1L), ("transB", 1L), ("alpha", -1.5f)) { Step = 0.1 },
        new RuleCase("MatMul", "matrices", [Of(2, 3), Of(3, 4)]) { Step = 0.1 },
        new RuleCase("MatMul", "batched", [Of(2, 2, 3), Of(2, 3, 4)]) { Step = 0.1 },
        new RuleCase("MatMul", "batch broadcast", [Of(2, 1, 2, 3), Of(5, 3, 2)]) { Step = 0.1 },
        new RuleCase("MatMul", "batched data, one matrix", [Of(2, 3, 4), Of(4, 2)]) { Step = 0.1 },
        new RuleCase("MatMul", "vector left", [Of(3), Of(2, 3, 4)]) { Step = 0.1 },
        new RuleCase("MatMul", "vector right", [Of(2, 4, 3), Of(3)]) { Step = 0.1 },
        new RuleCase("MatMul", "two vectors", [Of(3), Of(3)]) { Step = 0.1 },
        new RuleCase("ReduceMean", "over places", [Of(2, 3, 2, 2), Ints(2, 3)]) { Step = 0.1 },
        new RuleCase("ReduceMean", "opset 11, axis gone", [Of(2, 3, 2)], ("axes", L(-1)), ("keepdims", 0L)) { Opset = 11, Step = 0.1 },
        new RuleCase("ReduceMean", "over all", [Of(2, 3)]) { Step = 0.1 },
        new RuleCase("ReduceSum", "one axis kept", [Of(2, 3, 2), Ints(1)]) { Step = 0.1 },
        new RuleCase("ReduceSum", "opset 11, axes gone", [Of(2, 3, 2)], ("axes", L(0, -1)), ("keepdims", 0L)) { Opset = 11, Step = 0.1 },
        new RuleCase("ReduceSum", "no axes means none", [Of(2, 3)], ("noop_with_empty_axes", 1L)) { Step = 0.1 },
    ];

    private static IEnumerable<RuleCase> Layout =>
    [
        new RuleCase("Concat", "channels", [Of(1, 2, 2), Of(1, 3, 2), Of(1, 1, 2)], ("axis", 1L)) { Step = 0.1 },
        new RuleCase("Concat", "last axis", [Of(2, 2), Of(2, 1)], ("axis", -1L)) { Step = 0.1 },
        new RuleCase("Reshape", "with an open dimension", [Of(2, 3, 2), Ints(0, -1)]) { Step = 0.1 },
        new RuleCase("Flatten", "default axis", [Of(2, 3, 2)]) { Step = 0.1 },
        new RuleCase("Flatten", "axis 0", [Of(2, 3)], ("axis", 0L)) { Step = 0.1 },
        new RuleCase("Transpose", "default order", [Of(2, 3, 4)]) { Step = 0.1 },
        new RuleCase("Transpose", "channels last", [Of(1, 3, 2, 4)], ("perm", L(0, 2, 3, 1))) { Step = 0.1 },
        new RuleCase("Squeeze", "given axes", [Of(2, 1, 3, 1), Ints(1)]) { Step = 0.1 },
        new RuleCase("Squeeze", "opset 11", [Of(2, 1, 3, 1)], ("axes", L(1, 3))) { Opset = 11, Step = 0.1 },
        new RuleCase("Squeeze", "all", [Of(1, 2, 1)]) { Step = 0.1 },
        new RuleCase("Unsqueeze", "given axes", [Of(2, 3), Ints(0, -1)]) { Step = 0.1 },
        new RuleCase("Unsqueeze", "opset 11", [Of(2, 3)], ("axes", L(1))) { Opset = 11, Step = 0.1 },
        new RuleCase("Gather", "one place", [Of(2, 4, 3), new Operand([], Differentiable: false) { Integers = [-1] }], ("axis", 1L)) { Step = 0.1 },
        new RuleCase("Gather", "a run of places", [Of(2, 5), Ints(1, 2, 3)], ("axis", 1L)) { Step = 0.1 },
        new RuleCase("Gather", "all, turned round", [Of(2, 3, 2), Ints(2, 1, 0)], ("axis", 1L)) { Step = 0.1 },
        new RuleCase("Gather", "repeats, in a matrix", [Of(4, 2), new Operand([2, 3], Differentiable: false) { Integers = [0, 2, 2, -1, 0, 1] }]) { Step = 0.1 },
        new RuleCase("Slice", "two axes", [Of(3, 4, 5), Ints(1, -3), Ints(3, 100), Ints(0, 2)]) { Step = 0.1 },
        new RuleCase("Slice", "every second", [Of(2, 7), Ints(1), Ints(7), Ints(1), Ints(2)]) { Step = 0.1 },
        new RuleCase("Slice", "backwards", [Of(2, 6), Ints(-1), Ints(-100), Ints(1), Ints(-2)]) { Step = 0.1 },
        new RuleCase("Slice", "opset 9", [Of(3, 4)], ("starts", L(0, 1)), ("ends", L(2, -1))) { Opset = 9, Step = 0.1 },
        new RuleCase("Split", "given sizes", [Of(2, 6), Ints(1, 3, 2)], ("axis", 1L)) { Outputs = 3, Step = 0.1 },
        new RuleCase("Split", "opset 11", [Of(2, 4)], ("axis", -1L), ("split", L(1, 3))) { Opset = 11, Outputs = 2, Step = 0.1 },
        new RuleCase("Split", "opset 13, equal", [Of(4, 2)]) { Opset = 13, Outputs = 2, Step = 0.1 },
        new RuleCase("Split", "equal parts by number", [Of(4, 2)], ("num_outputs", 2L)) { Outputs = 2, Step = 0.1 },
        new RuleCase("Pad", "constant", [Of(2, 3), Ints(1, 0, 0, 2)]) { Step = 0.1 },
        new RuleCase("Pad", "some cut off", [Of(3, 4), Ints(-1, 1, 0, -2)]) { Step = 0.1 },
        new RuleCase("Pad", "given axes", [Of(2, 3, 2), Ints(1, 2), Number(0.5), Ints(-1)]) { Step = 0.1 },
        new RuleCase("Pad", "reflect", [Of(1, 1, 4, 3), Ints(0, 0, 2, 1, 0, 0, 3, 2)], ("mode", "reflect")) { Step = 0.1 },
        new RuleCase("Pad", "edge", [Of(1, 1, 2, 3), Ints(0, 0, 2, 0, 0, 0, 1, 2)], ("mode", "edge")) { Step = 0.1 },
        new RuleCase("Pad", "opset 9", [Of(2, 3)], ("pads", L(0, 1, 1, 0)), ("value", 2f)) { Opset = 9, Step = 0.1 }.LinearFloat(),
        new RuleCase("Identity", "plain", [Of(2, 3)]) { Step = 0.1 },
        new RuleCase("Dropout", "in inference", [Of(2, 3)]) { Step = 0.1 },
        new RuleCase("Cast", "to the same width", [Of(2, 3)], ("to", 11L)) { Step = 0.1 },
    ];

    private static IEnumerable<RuleCase> Functions =>
    [
        new RuleCase("Relu", "both signs", [Of(3, 5)]) ,
        new RuleCase("LeakyRelu", "both signs", [Of(3, 5)], ("alpha", 0.1f)).Float(1e-3, 1e-3),
        new RuleCase("Elu", "both signs", [Of(3, 5)], ("alpha", 1.5f)).Float(1e-3, 1e-3),
        new RuleCase("Clip", "both limits", [In(-2, 2, 4, 5), Number(-0.5), Number(1)]),
        new RuleCase("Clip", "upper limit only", [In(-2, 2, 4, 5), Absent, Number(0.5)]),
        new RuleCase("Clip", "opset 7, as in ReLU6", [In(-2, 2, 4, 5)], ("min", 0f), ("max", 1f)) { Opset = 7 }.Float(1e-3, 1e-3),
        new RuleCase("Softmax", "last axis", [In(-2, 2, 3, 4)]),
        new RuleCase("Softmax", "middle axis", [In(-2, 2, 2, 3, 2)], ("axis", 1L)),
        new RuleCase("Softmax", "opset 11, all that follows the axis", [In(-2, 2, 2, 3, 2)], ("axis", 1L)) { Opset = 11 },
        new RuleCase("LogSoftmax", "last axis", [In(-2, 2, 3, 4)]),
        new RuleCase("LogSoftmax", "opset 11", [In(-2, 2, 2, 3, 2)]) { Opset = 11 },
        new RuleCase("Sqrt", "positive", [In(0.2, 3, 2, 4)]),
        new RuleCase("Pow", "square", [Of(2, 4), Number(2)]),
        new RuleCase("Pow", "root", [In(0.2, 3, 2, 4), Number(0.5)]),
        new RuleCase("Pow", "an exponent for each column", [In(0.2, 3, 2, 3), Fixed(-2, 3, 3)]),
        new RuleCase("Exp", "both signs", [Of(2, 4)]),
        new RuleCase("Log", "positive", [In(0.2, 3, 2, 4)]),
        new RuleCase("Sigmoid", "both signs", [In(-4, 4, 3, 4)]) ,
        new RuleCase("Tanh", "both signs", [In(-2, 2, 3, 4)]),
    ];
}
