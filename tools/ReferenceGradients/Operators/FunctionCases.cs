using PerceptionStudy.ReferenceGradients.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>Functions of each value, arithmetic with broadcasting, softmax and normalisations.</summary>
internal static class FunctionCases
{
    private static readonly long[] Shape = [2, 3, 4];

    public static IEnumerable<GoldenCase> All => [.. Functions, .. Binary, .. Normalisations];

    private static IEnumerable<GoldenCase> Functions =>
    [
        Of("Relu", t => F.relu(t)), Of("LeakyRelu", t => F.leaky_relu(t, 0.2), ("alpha", 0.2f)), Of("Elu", t => F.elu(t, 1.5), ("alpha", 1.5f)), Of("Selu", t => F.selu(t)),
        Of("Celu", t => F.celu(t, 0.7), ("alpha", 0.7f)), Of("Sigmoid", t => t.sigmoid()), Of("HardSigmoid", t => F.hardsigmoid(t * 2), ("alpha", 1f / 3)),
        Of("HardSwish", t => F.hardswish(t)), Of("Tanh", t => t.tanh()), Of("Erf", t => t.erf()), Of("Mish", t => F.mish(t)), Of("Softplus", t => F.softplus(t)), Of("Softsign", t => F.softsign(t)),
        Of("ThresholdedRelu", t => F.threshold(t, 0.6, 0), ("alpha", 0.6f)), Of("Abs", t => t.abs()), Of("Neg", t => -t), Of("Exp", t => t.exp()), Of("Sin", t => t.sin()), Of("Cos", t => t.cos()),
        Of("Gelu", t => F.gelu(t)) with { Opset = 20, Name = "exact" },
        Of("Log", t => t.log()) with { Range = (0.2, 3) }, Of("Sqrt", t => t.sqrt()) with { Range = (0.2, 3) }, Of("Reciprocal", t => t.reciprocal()) with { Range = (0.3, 3) },
        Of("Gelu", t => 0.5 * t * (1 + (Math.Sqrt(2 / Math.PI) * (t + 0.044715 * t.pow(3))).tanh()), ("approximate", "tanh")) with { Opset = 20, Name = "by tanh" },
        Of("Tan", t => t.tan()) with { Range = (-1, 1) }, Of("Asin", t => t.asin()) with { Range = (-0.9, 0.9) }, Of("Acos", t => t.acos()) with { Range = (-0.9, 0.9) }, Of("Atan", t => t.atan()),
        Of("Sinh", t => t.sinh()), Of("Cosh", t => t.cosh()), Of("Asinh", t => t.asinh()), Of("Acosh", t => t.acosh()) with { Range = (1.2, 3) }, Of("Atanh", t => t.atanh()) with { Range = (-0.9, 0.9) },
        Of("Shrink", t => F.hardshrink(t, 0.5), ("lambd", 0.5f)), Of("Swish", t => F.silu(t)) with { Opset = 24 }, Of("Identity", t => t * 1), Of("Dropout", t => t * 1),
        .. from power in new[] { 2f, 3f, -1f, 0.5f }
           select new GoldenCase("Pow", $"to the power {power}", Shape, net => net.Apply("", "Pow", [net.Input, net.Constant("", [], power)], t => t[0].pow(power))) { Range = power % 1 == 0 && power > 0 ? (-2, 2) : (0.3, 2) },
        new("Cast", "to float64 and back", Shape, net => net.Apply("", "Cast", [net.Apply("", "Cast", [net.Input], t => t[0] * 1, ("to", 11L))], t => t[0] * 1, ("to", 1L))),
        new("Where", "a constant condition", Shape, net => net.Apply("", "Where", [net.Constant("", [3, 1], true, false, true), net.Relu("", net.Input), net.Input],
            t => where(tensor((bool[])[true, false, true]).reshape(3, 1), t[0], t[1]))),
        new("Clip", "both ends", Shape, net => net.Apply("", "Clip", [net.Input, net.Constant("", [], -0.7f), net.Constant("", [], 0.9f)], t => t[0].clamp(-0.7f, 0.9f))),
        new("PRelu", "a slope for each channel", [2, 3, 4, 4], net =>
        {
            var (name, value) = net.Embedding("slope", 0.5, 3, 1, 1);
            return net.Apply("", "PRelu", [net.Input, name], t => where(t[0] > 0, t[0], t[0] * value));
        }),
    ];

    private static IEnumerable<GoldenCase> Binary =>
        from other in new long[][] { [2, 3, 4], [4], [3, 1], [1, 1, 1], [2, 1, 4], [5, 2, 3, 4] }
        from op in new (string Name, Func<Tensor, Tensor, Tensor> Torch)[]
        {
            ("Add", (a, b) => a + b), ("Sub", (a, b) => a - b), ("Mul", (a, b) => a * b), ("Div", (a, b) => a / b), ("Max", maximum), ("Min", minimum),
            ("Sum", (a, b) => a + b), ("Mean", (a, b) => (a + b) / 2),
        }
        from swapped in new[] { false, true }
        where !swapped || op.Name is "Sub" or "Div"
        select new GoldenCase(op.Name, $"{(swapped ? "second operand, first" : "with")} [{string.Join(",", other)}]", Shape, net =>
        {
            var (name, value) = net.Fixed("other", other, Values(other));
            return net.Apply("", op.Name, swapped ? [name, net.Input] : [net.Input, name], t => swapped ? op.Torch(value, t[0]) : op.Torch(t[0], value));
        })
        { Range = (0.3, 2) };

    private static IEnumerable<GoldenCase> Normalisations =>
    [
        .. from axis in new long[] { -1, 1, 0 } select new GoldenCase("Softmax", $"axis {axis}", [2, 3, 4], net => net.Softmax("", net.Input, axis)),
        .. from axis in new long[] { -1, 1 } select new GoldenCase("LogSoftmax", $"axis {axis}", [2, 3, 4], net => net.Apply("", "LogSoftmax", [net.Input], t => F.log_softmax(t[0], axis), ("axis", axis))),
        new("BatchNormalization", "batch 2", [2, 3, 4, 4], net => net.Norm("norm", net.Input)),
        new("LayerNormalization", "last dimension", [2, 5, 8], net => net.LayerNorm("norm", net.Input)),
        new("LayerNormalization", "two dimensions", [2, 3, 4], net =>
        {
            var ((scale, s), (bias, b)) = (net.Embedding("scale", 1, 3, 4), net.Embedding("bias", 1, 3, 4));
            return net.Apply("", "LayerNormalization", [net.Input, scale, bias], t => F.layer_norm(t[0], [3, 4], s, b, 1e-3f), ("axis", 1L), ("epsilon", 1e-3f));
        }),
        new("InstanceNormalization", "batch 2", [2, 3, 4, 5], net =>
        {
            var ((scale, s), (bias, b)) = (net.Embedding("scale", 1, 3), net.Embedding("bias", 1, 3));
            return net.Apply("", "InstanceNormalization", [net.Input, scale, bias], t => F.instance_norm(t[0], null, null, s, b, true, 0.1, 1e-3f), ("epsilon", 1e-3f));
        }),
        new("GroupNormalization", "two groups", [2, 4, 3, 3], net =>
        {
            var ((scale, s), (bias, b)) = (net.Embedding("scale", 1, 4), net.Embedding("bias", 1, 4));
            return net.Apply("", "GroupNormalization", [net.Input, scale, bias], t => F.group_norm(t[0], 2, s, b, 1e-3f), ("num_groups", 2L), ("epsilon", 1e-3f));
        }) { Opset = 21 },
        .. from axes in new long[][] { [0, 2, 3], [2, 3] }
           select new GoldenCase("MeanVarianceNormalization", $"axes {string.Join(",", axes)}", [2, 3, 3, 4], net => net.Apply("", "MeanVarianceNormalization", [net.Input],
               t => (t[0] - t[0].mean(axes, keepdim: true)) / (t[0].var(axes, unbiased: false, keepdim: true).sqrt() + 1e-9), ("axes", axes))),
        new("RMSNormalization", "last dimension", [2, 3, 8], net =>
        {
            var (name, scale) = net.Embedding("scale", 1, 8);
            return net.Apply("", "RMSNormalization", [net.Input, name], t => t[0] * (t[0].square().mean([-1L], keepdim: true) + 1e-3f).rsqrt() * scale, ("epsilon", 1e-3f));
        }) { Opset = 23 },
        new("LpNormalization", "L1 over channels", [2, 3, 4], net => net.Apply("", "LpNormalization", [net.Input], t => t[0] / t[0].abs().sum(1, true), ("axis", 1L), ("p", 1L))),
        new("LpNormalization", "L2 over the last dimension", [2, 3, 4], net => net.Apply("", "LpNormalization", [net.Input], t => t[0] / t[0].norm(-1, true), ("axis", -1L), ("p", 2L))),
    ];

    private static GoldenCase Of(string opType, Func<Tensor, Tensor> torch, params (string, object)[] attributes) =>
        new(opType, "values of both signs", Shape, net => net.Apply("", opType, [net.Input], t => torch(t[0]), attributes));

    // Away from 0, and never equal to a value of the input.
    private static float[] Values(long[] shape) => [.. Enumerable.Range(0, (int)shape.Aggregate((a, b) => a * b)).Select(i => (float)(0.45 + 1.4 * Math.Abs(Math.Sin(1 + i))))];
}
