namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>The ResNet visual tower of CLIP (Radford et al. 2021): three convolutions in the stem, pooling before every strided convolution, attention pooling.</summary>
public static class ClipResNet
{
    /// <param name="net">The net.</param>
    /// <param name="blocks">Blocks of each stage: 3, 4, 6, 3 for RN50.</param>
    /// <param name="width">Channels of the first stage: 64.</param>
    /// <param name="heads">Heads of the attention pool: 32.</param>
    /// <param name="outputs">Values of the embedding: 1024.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int[] blocks, long width, long heads, long outputs)
    {
        var x = net.Input;
        for (var i = 1; i <= 3; i++)
            x = net.Relu($"visual/relu{i}", net.ConvNorm($"visual/conv{i}", $"visual/bn{i}", x, i == 3 ? width : width / 2, Window.Of(3, i == 1 ? 2 : 1, 1)));
        x = net.AveragePool("visual/avgpool", x, Window.Of(2, 2));
        var ends = new Dictionary<string, string> { ["stem"] = x };
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            for (var i = 0; i < blocks[stage]; i++)
                x = Bottleneck(net, $"visual/layer{stage + 1}/layer{stage + 1}.{i}", x, width << stage, stage > 0 && i == 0 ? 2 : 1);
            ends[$"layer{stage + 1}"] = x;
        }
        ends["attnpool"] = AttentionPool(net, "visual/attnpool", x, heads, outputs);
        return ends;
    }

    private static string Bottleneck(TwinNetwork net, string at, string x, long width, long stride)
    {
        var y = net.Relu($"{at}/relu1", net.ConvNorm($"{at}/conv1", $"{at}/bn1", x, width, Window.Of(1)));
        y = net.Relu($"{at}/relu2", net.ConvNorm($"{at}/conv2", $"{at}/bn2", y, width, Window.Of(3, 1, 1)));
        if (stride > 1)
            y = net.AveragePool($"{at}/avgpool", y, Window.Of(stride, stride));
        y = net.ConvNorm($"{at}/conv3", $"{at}/bn3", y, 4 * width, Window.Of(1));
        var shortcut = x;
        if (stride > 1)
            shortcut = net.AveragePool($"{at}/downsample/-1", shortcut, Window.Of(stride, stride));
        if (stride > 1 || net.Shape(x)[1] != 4 * width)
            shortcut = net.ConvNorm($"{at}/downsample/0", $"{at}/downsample/1", shortcut, 4 * width, Window.Of(1));
        return net.Relu($"{at}/relu3", net.Add(at, y, shortcut));
    }

    // The query is the mean over all places; keys and values are the mean and the places.
    private static string AttentionPool(TwinNetwork net, string at, string x, long heads, long outputs)
    {
        long n = net.Shape(x)[0], width = net.Shape(x)[1], places = net.Shape(x)[2] * net.Shape(x)[3];
        x = net.Transpose(at, net.Reshape(at, x, n, width, places), 2, 0, 1);
        x = net.Concat(at, 0, net.Mean(at, x, [0], keep: true), x);
        x = net.AddFixed(at, x, net.Embedding($"{at}.positional_embedding", 0.5, places + 1, 1, width));
        string Heads(string name, string from)
        {
            var length = net.Shape(from)[0];
            var part = net.Reshape(at, net.Linear($"{at}/{name}", from, width), length, n * heads, width / heads);
            return net.Reshape(at, net.Transpose(at, part, 1, 0, 2), n, heads, length, width / heads);
        }
        var pooled = net.Attention(at, Heads("q_proj", net.Slice(at, x, 0, 0, 1)), Heads("k_proj", x), Heads("v_proj", x));
        pooled = net.Reshape(at, net.Transpose(at, pooled, 2, 0, 1, 3), n, width);
        return net.Squeeze(at, net.Reshape(at, net.Linear($"{at}/c_proj", pooled, outputs), 1, n, outputs), 0);
    }
}
