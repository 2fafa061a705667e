using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Gradients;

/// <summary>Operators that will not get a rule, and what to do about them.</summary>
internal static class NotDifferentiable
{
    private static readonly HashSet<string> Quantised =
        ["QuantizeLinear", "DequantizeLinear", "DynamicQuantizeLinear", "QLinearConv", "QLinearMatMul", "QLinearAdd", "QLinearMul", "QLinearConcat",
         "QLinearSigmoid", "QLinearLeakyRelu", "QLinearSoftmax", "QLinearAveragePool", "QLinearGlobalAveragePool", "ConvInteger", "MatMulInteger",
         "DynamicQuantizeMatMul", "MatMulIntegerToFloat", "QGemm", "QAttention", "MatMulNBits"];

    private static readonly HashSet<string> Repeated = ["If", "Loop", "Scan"];

    private static readonly HashSet<string> Drawn = ["RandomNormalLike", "RandomUniformLike", "Bernoulli", "Multinomial"];

    /// <summary>Why there is no gradient of a node's operator and what to do, as the end of a sentence; null for any other operator.</summary>
    public static string? Why(NodeProto node) => node.OpType switch
    {
        var op when Quantised.Contains(op) => "which works on quantised numbers and has no gradient; take the float32 model from before the quantisation, or choose a stage before it",
        var op when Repeated.Contains(op) => "which runs a part of the model depending on its input and has no gradient here; export the model with that part written out, or choose a stage before it",
        var op when Drawn.Contains(op) => "which draws random numbers; export the model as it is after training (model.eval() in PyTorch), or choose a stage before it",
        var op when op.StartsWith("Sequence", StringComparison.Ordinal) || op.StartsWith("Optional", StringComparison.Ordinal) || op == "SplitToSequence" || op == "ConcatFromSequence"
            => "which works on lists of tensors and has no gradient; export the model without lists, or choose a stage before it",
        _ => null,
    };
}
