using static PerceptionStudy.Synthesis.Tests.Gradients.Operand;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

internal static partial class RuleCases
{
    private static IEnumerable<RuleCase> Arithmetic =>
    [
        new RuleCase("Add", "same shape", [Of(2, 3), Of(2, 3)]),
        new RuleCase("Add", "both broadcast", [Of(2, 1, 3), Of(4, 1)]),
        new RuleCase("Add", "scalar", [Of(2, 3), In(-1, 1, 1)]),
        new RuleCase("Sub", "both broadcast", [Of(2, 1, 3), Of(4, 1)]),
        new RuleCase("Sub", "scalar", [Of(2, 3), Of(1)]),
        new RuleCase("Mul", "both broadcast", [Of(2, 1, 3), Of(4, 1)]),
        new RuleCase("Mul", "per channel", [Of(1, 3, 2, 2), Of(3, 1, 1)]),
        new RuleCase("Div", "both broadcast", [Of(2, 1, 3), In(0.5, 2, 4, 1)]),
        new RuleCase("Div", "same shape, negative divisor", [Of(2, 3), In(-2, -0.5, 2, 3)]),
        new RuleCase("Div", "per channel", [Of(1, 3, 2, 2), In(0.5, 2, 3, 1, 1)]),
        new RuleCase("Div", "scalar", [Of(2, 3), In(0.5, 2, 1)]),
        new RuleCase("Sum", "two, opset 7", [Of(2, 3), Of(2, 3)]) { Opset = 7 },
        new RuleCase("Sum", "one", [Of(2, 3)]),
        new RuleCase("Sum", "three, broadcast", [Of(2, 3), Of(3), Of(2, 1)]),
        new RuleCase("Neg", "plain", [Of(2, 3)]),
        new RuleCase("Gemm", "plain, with bias", [Of(2, 3), Of(3, 4), Of(4)]),
        new RuleCase("Gemm", "weights transposed", [Of(2, 3), Of(4, 3), Of(2, 4)], ("transB", 1L)),
        new RuleCase("Gemm", "data transposed, scaled", [Of(3, 2), Of(3, 4), Of(2, 1)], ("transA", 1L), ("alpha", 0.5f), ("beta", 2f)),
        new RuleCase("Gemm", "both transposed, no bias", [Of(3, 2), Of(4, 3)], ("transA", 1L), ("transB", 1L), ("alpha", -1.5f)),
        new RuleCase("Gemm", "both transposed, scaled bias", [Of(3, 2), Of(4, 3), Of(4)], ("transA", 1L), ("transB", 1L), ("alpha", 0.5f), ("beta", -3f)),
        new RuleCase("Gemm", "scalar bias", [Of(2, 3), Of(3, 4), Of(1)], ("beta", 0.5f)),
        new RuleCase("MatMul", "matrices", [Of(2, 3), Of(3, 4)]),
        new RuleCase("MatMul", "batched", [Of(2, 2, 3), Of(2, 3, 4)]),
        new RuleCase("MatMul", "batch broadcast", [Of(2, 1, 2, 3), Of(5, 3, 2)]),
        new RuleCase("MatMul", "batched data, one matrix", [Of(2, 3, 4), Of(4, 2)]),
        new RuleCase("MatMul", "vector left", [Of(3), Of(2, 3, 4)]),
        new RuleCase("MatMul", "vector right", [Of(2, 4, 3), Of(3)]),
        new RuleCase("MatMul", "two vectors", [Of(3), Of(3)]),
        new RuleCase("ReduceMean", "over places", [Of(2, 3, 2, 2), Ints(2, 3)]),
        new RuleCase("ReduceMean", "opset 11, axis gone", [Of(2, 3, 2)], ("axes", L(-1)), ("keepdims", 0L)) { Opset = 11 },
        new RuleCase("ReduceMean", "over all", [Of(2, 3)]),
        new RuleCase("ReduceSum", "one axis kept", [Of(2, 3, 2), Ints(1)]),
        new RuleCase("ReduceSum", "opset 11, axes gone", [Of(2, 3, 2)], ("axes", L(0, -1)), ("keepdims", 0L)) { Opset = 11 },
        new RuleCase("ReduceSum", "no axes means none", [Of(2, 3)], ("noop_with_empty_axes", 1L)),
    ];
}
