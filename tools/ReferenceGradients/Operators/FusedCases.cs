using PerceptionStudy.ReferenceGradients.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>What ONNX Runtime's tools write for several operators at once.</summary>
internal static class FusedCases
{
    private const float Epsilon = 1e-3f;

    public static IEnumerable<GoldenCase> All =>
    [
        .. from activation in new (string Name, Func<Tensor, Tensor> Torch)[] { ("Relu", t => F.relu(t)), ("Tanh", t => t.tanh()), ("Sigmoid", t => t.sigmoid()) }
           select new GoldenCase("FusedConv", activation.Name, [2, 2, 5, 5], net =>
           {
               var ((weights, w), (bias, b)) = (net.Embedding("weight", 0.5, 3, 2, 3, 3), net.Embedding("bias", 0.5, 3));
               return net.Apply("", "com.microsoft.FusedConv", [net.Input, weights, bias], t => activation.Torch(F.conv2d(t[0], w, b, [2, 2], [1, 1])),
                   ("activation", activation.Name), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
           }),
        new("FusedConv", "with a sum", [1, 2, 4, 4], net =>
        {
            var ((weights, w), (bias, b)) = (net.Embedding("weight", 0.5, 2, 2, 3, 3), net.Embedding("bias", 0.5, 2));
            return net.Apply("", "com.microsoft.FusedConv", [net.Input, weights, bias, net.Abs("", net.Input)], t => F.relu(F.conv2d(t[0], w, b, [1, 1], [1, 1]) + t[1]),
                ("activation", "Relu"), ("pads", new long[] { 1, 1, 1, 1 }));
        }),
        new("FusedGemm", "LeakyRelu", [3, 4], net =>
        {
            var ((weights, w), (bias, b)) = (net.Embedding("weight", 0.5, 5, 4), net.Embedding("bias", 0.5, 5));
            return net.Apply("", "com.microsoft.FusedGemm", [net.Input, weights, bias], t => F.leaky_relu(t[0].matmul(w.t()) + b, 0.2), ("transB", 1L), ("activation", "LeakyRelu"), ("activation_alpha", 0.2f));
        }),
        .. from turnA in new[] { false, true } from turnB in new[] { false, true }
           select new GoldenCase("FusedMatMul", $"{(turnA ? "A turned" : "A")}, {(turnB ? "B turned" : "B")}, times 0.5", turnA ? [2, 4, 3] : [2, 3, 4], net =>
           {
               var (name, value) = net.Embedding("other", 1, turnB ? [2, 5, 4] : [2, 4, 5]);
               return net.Apply("", "com.microsoft.FusedMatMul", [net.Input, name], t => 0.5 * (turnA ? t[0].transpose(-2, -1) : t[0]).matmul(turnB ? value.transpose(-2, -1) : value),
                   ("transA", turnA ? 1L : 0L), ("transB", turnB ? 1L : 0L), ("alpha", 0.5f));
           }),
        new("Gelu", "ONNX Runtime's", [2, 3, 4], net => net.Apply("", "com.microsoft.Gelu", [net.Input], t => F.gelu(t[0]))),
        new("QuickGelu", "default", [2, 3, 4], net => net.Apply("", "com.microsoft.QuickGelu", [net.Input], t => t[0] * (1.702f * t[0]).sigmoid())),
        new("BiasGelu", "default", [2, 3, 4], net =>
        {
            var (name, bias) = net.Embedding("bias", 0.5, 4);
            return net.Apply("", "com.microsoft.BiasGelu", [net.Input, name], t => F.gelu(t[0] + bias));
        }),
        new("FastGelu", "with bias", [2, 3, 4], net =>
        {
            var (name, bias) = net.Embedding("bias", 0.5, 4);
            return net.Apply("", "com.microsoft.FastGelu", [net.Input, name], t => ByTanh(t[0] + bias));
        }),
        new("SkipLayerNormalization", "with bias", [2, 3, 8], net =>
        {
            var ((scale, s), (offset, o), (bias, b)) = (net.Embedding("scale", 1, 8), net.Embedding("offset", 1, 8), net.Embedding("bias", 1, 8));
            return net.Apply("", "com.microsoft.SkipLayerNormalization", [net.Input, net.Exp("", net.Input), scale, offset, bias], t => F.layer_norm(t[0] + t[1] + b, [8], s, o, Epsilon), ("epsilon", Epsilon));
        }),
        new("SkipSimplifiedLayerNormalization", "without bias", [2, 3, 8], net =>
        {
            var (scale, s) = net.Embedding("scale", 1, 8);
            return net.Apply("", "com.microsoft.SkipSimplifiedLayerNormalization", [net.Input, net.Exp("", net.Input), scale], t => RootMeanSquare(t[0] + t[1]) * s, ("epsilon", Epsilon));
        }),
        new("SimplifiedLayerNormalization", "last axis", [2, 3, 8], net =>
        {
            var (scale, s) = net.Embedding("scale", 1, 8);
            return net.Apply("", "SimplifiedLayerNormalization", [net.Input, scale], t => RootMeanSquare(t[0]) * s, ("axis", -1L), ("epsilon", Epsilon));
        }),
    ];

    private static Tensor ByTanh(Tensor x) => 0.5 * x * (1 + (Math.Sqrt(2 / Math.PI) * (x + 0.044715 * x.pow(3))).tanh());

    private static Tensor RootMeanSquare(Tensor x) => x * (x.square().mean([-1L], keepdim: true) + Epsilon).rsqrt();
}
