using PerceptionStudy.ReferenceGradients.Networks;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Operators;

/// <summary>Attention of the standard, and of ONNX Runtime's tools: queries, keys and values are three functions of one input.</summary>
internal static class AttentionCases
{
    public static IEnumerable<GoldenCase> All =>
    [
        Standard("separate heads", [2, 2, 3, 4], 1, false),
        Standard("separate heads, causal", [1, 2, 4, 4], 1, true),
        Standard("one head of keys for two", [1, 4, 3, 4], 2, false),
        new("Attention", "joined heads, scaled", [2, 3, 8], net =>
        {
            var (query, key, value) = Three(net, 8);
            return net.Apply("", "Attention", [query, key, value], t => Joined(Weighted(Apart(t[0]), Apart(t[1]), Apart(t[2]), 0.4)), ("q_num_heads", 2L), ("kv_num_heads", 2L), ("scale", 0.4f));
        }) { Opset = 23 },
        new("Attention", "with a mask", [1, 2, 3, 4], net =>
        {
            var (query, key, value) = Three(net, 4);
            var (name, mask) = net.Embedding("mask", 1, 3, 3);
            return net.Apply("", "Attention", [query, key, value, name], t => Weighted(t[0], t[1], t[2], 0.5, mask));
        }) { Opset = 23 },
        new("Attention", "ONNX Runtime's, with its projections", [2, 3, 6], net =>
        {
            var ((weights, w), (bias, b)) = (net.Embedding("weights", 0.5, 6, 24), net.Embedding("bias", 0.2, 24));
            return net.Apply("", "com.microsoft.Attention", [net.Input, weights, bias], t =>
            {
                var parts = (t[0].matmul(w) + b).chunk(3, -1);
                return Joined(Weighted(Apart(parts[0]), Apart(parts[1]), Apart(parts[2]), 0.5));
            }, ("num_heads", 2L));
        }),
        new("MultiHeadAttention", "with bias", [2, 3, 8], net =>
        {
            var (query, key, value) = Three(net, 8);
            var (name, bias) = net.Embedding("bias", 0.5, 24);
            return net.Apply("", "com.microsoft.MultiHeadAttention", [query, key, value, name], t =>
            {
                var b = bias.chunk(3, 0);
                return Joined(Weighted(Apart(t[0] + b[0]), Apart(t[1] + b[1]), Apart(t[2] + b[2]), 0.5));
            }, ("num_heads", 2L));
        }),
        new("MultiHeadAttention", "with scores added", [1, 3, 8], net =>
        {
            var (query, key, value) = Three(net, 8);
            var (name, added) = net.Embedding("added", 1, 1, 2, 3, 3);
            return net.Apply("", "com.microsoft.MultiHeadAttention", [query, key, value, "", "", name], t => Joined(Weighted(Apart(t[0]), Apart(t[1]), Apart(t[2]), 0.5, added)), ("num_heads", 2L));
        }),
    ];

    private static GoldenCase Standard(string name, long[] shape, int shared, bool causal) => new("Attention", name, shape, net =>
    {
        var (query, key, value) = Three(net, shape[^1]);
        if (shared > 1)
            (key, value) = (net.Slice("", key, 1, 0, shape[1], shared), net.Slice("", value, 1, 0, shape[1], shared));
        return net.Apply("", "Attention", [query, key, value], t =>
        {
            var mask = causal ? full([shape[2], shape[2]], float.NegativeInfinity, dtype: t[0].dtype).triu(1) : null;
            return Weighted(t[0], t[1].repeat_interleave(shared, 1), t[2].repeat_interleave(shared, 1), 1 / Math.Sqrt(shape[^1]), mask);
        }, ("is_causal", causal ? 1L : 0L));
    }) { Opset = 23 };

    private static (string Query, string Key, string Value) Three(TwinNetwork net, long size)
    {
        string Projected(string name) => net.MatMulFixed(name, net.Input, net.Embedding(name, 0.5, size, size));
        return (Projected("query"), Projected("key"), Projected("value"));
    }

    // Two heads: [N, L, 2 d] as [N, 2, L, d], and back.
    private static Tensor Apart(Tensor t) => t.reshape(t.shape[0], t.shape[1], 2, t.shape[2] / 2).transpose(1, 2);

    private static Tensor Joined(Tensor t) => t.transpose(1, 2).flatten(2);

    private static Tensor Weighted(Tensor query, Tensor key, Tensor value, double scale, Tensor? mask = null)
    {
        var scores = query.matmul(key.transpose(-2, -1)) * scale;
        return F.softmax(mask is null ? scores : scores + mask, -1).matmul(value);
    }
}
