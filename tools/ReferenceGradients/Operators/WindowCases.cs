using PerceptionStudy.ReferenceGradients.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>Convolutions and pooling over kernels, strides, pads, dilations, groups, batches and edge sizes.</summary>
internal static class WindowCases
{
    public static IEnumerable<GoldenCase> All => [.. Convolutions, .. Transposed, .. Pools];

    private static IEnumerable<GoldenCase> Convolutions =>
    [
        .. from kernel in new long[] { 1, 2, 3, 5 } from stride in new long[] { 1, 2, 3 } from pad in new[] { 0, kernel / 2 } where pad < kernel && (pad > 0 || kernel < 5)
           select Conv($"kernel {kernel}, stride {stride}, pad {pad}", [1, 2, 7, 8], 3, new Window([kernel, kernel], [stride, stride], [pad, pad])),
        Conv("kernel 7, stride 2, pad 3", [1, 3, 11, 10], 2, Window.Of(7, 2, 3)),
        Conv("kernel 11, stride 4, pad 2", [1, 3, 23, 23], 2, Window.Of(11, 4, 2)),
        Conv("kernel as large as the input", [1, 2, 4, 4], 3, Window.Of(4)),
        Conv("one row", [1, 2, 1, 9], 3, new([1, 3], [1, 1], [0, 1])),
        Conv("unequal in height and width", [1, 2, 8, 6], 3, new([3, 2], [2, 1], [1, 0])),
        Conv("batch 3", [3, 2, 5, 5], 3, Window.Of(3, 1, 1)),
        Conv("batch 3, stride 2", [3, 2, 6, 6], 3, Window.Of(3, 2, 1)),
        Conv("dilation 2", [1, 2, 8, 8], 3, Window.Of(3, 1, 2) with { Dilations = [2, 2] }),
        Conv("dilation 2, stride 2", [1, 2, 9, 9], 3, Window.Of(3, 2, 1) with { Dilations = [2, 2] }),
        Conv("two groups", [1, 4, 6, 6], 6, Window.Of(3, 1, 1), 2),
        Conv("two groups, stride 2", [1, 4, 7, 7], 6, Window.Of(3, 2, 1), 2),
        Conv("depthwise", [2, 4, 6, 6], 4, Window.Of(3, 1, 1), 4),
        Conv("depthwise, stride 2", [1, 4, 7, 7], 4, Window.Of(5, 2, 2), 4),
        Conv("depthwise, two maps each", [1, 3, 5, 5], 6, Window.Of(3, 1, 1), 3),
        .. from upper in new[] { true, false }
           select Of("Conv", $"{(upper ? "SAME_UPPER" : "SAME_LOWER")}, stride 2", [1, 2, 6, 7], net =>
           {
               var (name, value) = net.Embedding("weight", 0.5, 3, 2, 4, 4);
               // 6 rows need 2 more, 7 columns 3.
               return net.Apply("", "Conv", [net.Input, name], t => F.conv2d(F.pad(t[0], upper ? [1, 2, 1, 1] : [2, 1, 1, 1]), value, null, [2, 2]),
                   ("kernel_shape", new long[] { 4, 4 }), ("strides", new long[] { 2, 2 }), ("auto_pad", upper ? "SAME_UPPER" : "SAME_LOWER"));
           }),
        Of("Conv", "one dimension", [2, 3, 12], net => General(net, "Conv", [4, 3, 5], [2], [2], [1], (x, w) => F.conv1d(x, w, null, 2, 2, 1))),
        Of("Conv", "one dimension, dilated", [1, 2, 12], net => General(net, "Conv", [3, 2, 3], [1], [0], [3], (x, w) => F.conv1d(x, w, null, 1, 0, 3))),
        Of("Conv", "three dimensions", [1, 2, 4, 5, 4], net => General(net, "Conv", [3, 2, 2, 3, 2], [1, 1, 1], [0, 1, 0], [1, 1, 1], (x, w) => F.conv3d(x, w, null, [1, 1, 1], [0, 1, 0], [1, 1, 1]))),
        Of("Conv", "three dimensions, stride 2", [1, 1, 5, 6, 5], net => General(net, "Conv", [2, 1, 3, 3, 3], [2, 2, 2], [1, 1, 1], [1, 1, 1], (x, w) => F.conv3d(x, w, null, [2, 2, 2], [1, 1, 1], [1, 1, 1]))),
    ];

    private static IEnumerable<GoldenCase> Transposed =>
    [
        .. from stride in new long[] { 1, 2, 3 } from pad in new long[] { 0, 1 } from extra in new long[] { 0, 1 } where extra < stride
           select Of("ConvTranspose", $"stride {stride}, pad {pad}, output padding {extra}", [1, 3, 4, 5], net =>
           {
               var (name, value) = net.Embedding("weight", 0.5, 3, 2, 3, 3);
               return net.Apply("", "ConvTranspose", [net.Input, name], t => F.conv_transpose2d(t[0], value, null, [stride, stride], [pad, pad], [extra, extra], [1, 1], 1),
                   ("kernel_shape", new long[] { 3, 3 }), ("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }), ("output_padding", new[] { extra, extra }));
           }),
        Of("ConvTranspose", "two groups", [2, 4, 3, 3], net =>
        {
            var (name, value) = net.Embedding("weight", 0.5, 4, 3, 2, 2);
            return net.Apply("", "ConvTranspose", [net.Input, name], t => F.conv_transpose2d(t[0], value, null, [2, 2], [0, 0], [0, 0], [1, 1], 2),
                ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }), ("group", 2L));
        }),
    ];

    private static IEnumerable<GoldenCase> Pools =>
    [
        .. from kernel in new long[] { 2, 3 } from stride in new long[] { 1, 2, 3 } from pad in new[] { 0, kernel / 2 } from ceil in new[] { false, true } where !ceil || stride > 1
           select Of("MaxPool", $"kernel {kernel}, stride {stride}, pad {pad}{(ceil ? ", ceil" : "")}", [1, 2, 7, 8], net => net.MaxPool("", net.Input, Window.Of(kernel, stride, pad), ceil)),
        Of("MaxPool", "dilated", [1, 2, 8, 8], net => net.MaxPool("", net.Input, Window.Of(2, 1) with { Dilations = [3, 3] })),
        Of("MaxPool", "unequal in height and width", [2, 2, 6, 7], net => net.MaxPool("", net.Input, new([3, 2], [2, 1], [1, 0]))),
        Of("MaxPool", "one window", [1, 3, 3, 3], net => net.MaxPool("", net.Input, Window.Of(3))),
        Of("MaxPool", "after a rectifier", [1, 2, 8, 8], net => net.MaxPool("", net.Relu("", net.Input), Window.Of(2, 2))),
        Of("MaxPool", "after a rectifier, overlapping", [1, 2, 8, 8], net => net.MaxPool("", net.Relu("", net.Input), Window.Of(3, 2, 1))),
        .. from kernel in new long[] { 2, 3 } from stride in new long[] { 1, 2 } from counts in new[] { false, true } from ceil in new[] { false, true } where !ceil || stride > 1
           select Of("AveragePool", $"kernel {kernel}, stride {stride}{(counts ? ", padding counts" : "")}{(ceil ? ", ceil" : "")}", [1, 2, 7, 8],
               net => net.AveragePool("", net.Input, Window.Of(kernel, stride, 1), counts, ceil)),
        Of("AveragePool", "windows side by side", [2, 2, 6, 6], net => net.AveragePool("", net.Input, Window.Of(2, 2))),
        // Adaptive pools whose sizes divide are exported as pools of that window; those of size 1 as global ones.
        Of("AveragePool", "adaptive, 6 x 8 to 3 x 2", [2, 2, 6, 8], net => net.Apply("", "AveragePool", [net.Input], t => F.adaptive_avg_pool2d(t[0], [3, 2]), ("kernel_shape", new long[] { 2, 4 }), ("strides", new long[] { 2, 4 }))),
        Of("MaxPool", "adaptive, 6 x 8 to 3 x 2", [2, 2, 6, 8], net => net.Apply("", "MaxPool", [net.Input], t => F.max_pool2d(t[0], [2, 4], [2, 4]), ("kernel_shape", new long[] { 2, 4 }), ("strides", new long[] { 2, 4 }))),
        Of("MaxPool", "with indices", [1, 2, 6, 6], net => net.ApplyFirst("MaxPool", [net.Input], 2, t => F.max_pool2d(t[0], [3, 3], [2, 2]), ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }))),
        Of("MaxPool", "one dimension", [2, 3, 9], net => net.Apply("", "MaxPool", [net.Input], t => F.max_pool2d(t[0].unsqueeze(2), [1, 3], [1, 2]).squeeze(2), ("kernel_shape", new long[] { 3 }), ("strides", new long[] { 2 }))),
        Of("AveragePool", "three dimensions", [1, 2, 4, 5, 4], net => net.Apply("", "AveragePool", [net.Input], t => F.avg_pool3d(t[0], [2, 2, 2], [1, 1, 1]), ("kernel_shape", new long[] { 2, 2, 2 }))),
        .. from p in new long[] { 1, 2, 3 } from stride in new long[] { 1, 2 }
           select Of("LpPool", $"p {p}, stride {stride}", [1, 2, 5, 6], net => net.Apply("", "LpPool", [net.Input],
               t => (F.avg_pool2d(t[0].abs().pow(p), [2, 2], [stride, stride]) * 4).pow(1.0 / p), ("p", p), ("kernel_shape", new long[] { 2, 2 }), ("strides", new[] { stride, stride }))),
        .. from p in new long[] { 1, 2, 3 }
           select Of("GlobalLpPool", $"p {p}", [2, 3, 3, 4], net => net.Apply("", "GlobalLpPool", [net.Input], t => t[0].abs().pow(p).sum([2L, 3L], true).pow(1.0 / p), ("p", p))),
        Of("GlobalAveragePool", "batch 2", [2, 3, 4, 5], net => net.GlobalAveragePool("", net.Input)),
        Of("GlobalMaxPool", "batch 2", [2, 3, 4, 5], net => net.GlobalMaxPool("", net.Input)),
        Of("LRN", "AlexNet's", [2, 7, 3, 3], net => net.Apply("", "LRN", [net.Input], t => F.local_response_norm(t[0], 5, 1e-1, 0.75, 1), ("size", 5L), ("alpha", 1e-1f), ("beta", 0.75f), ("bias", 1f))),
    ];

    private static GoldenCase Of(string opType, string name, long[] input, Func<TwinNetwork, string> build) => new(opType, name, input, build);

    private static GoldenCase Conv(string name, long[] input, long filters, Window window, long groups = 1) =>
        Of("Conv", name, input, net => net.Conv("", net.Input, filters, window, groups));

    private static string General(TwinNetwork net, string opType, long[] weights, long[] strides, long[] pads, long[] dilations, Func<Tensor, Tensor, Tensor> torch)
    {
        var (name, value) = net.Embedding("weight", 0.5, weights);
        return net.Apply("", opType, [net.Input, name], t => torch(t[0], value),
            ("kernel_shape", weights[2..]), ("strides", strides), ("pads", (long[])[.. pads, .. pads]), ("dilations", dilations));
    }
}
