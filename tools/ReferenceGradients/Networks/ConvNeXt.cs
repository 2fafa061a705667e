namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Liu et al. 2022, as in torchvision: depthwise 7 x 7, layer normalisation over channels, GELU, layer scale.</summary>
public static class ConvNeXt
{
    /// <param name="net">The net.</param>
    /// <param name="blocks">Blocks of each stage: 3, 3, 9, 3 for ConvNeXt-T.</param>
    /// <param name="widths">Channels: 96, 192, 384, 768.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int[] blocks, long[] widths, long classes)
    {
        var x = ChannelNorm(net, "features/features.0/features.0.1", net.Conv("features/features.0/features.0.0", net.Input, widths[0], Window.Of(4, 4)));
        var ends = new Dictionary<string, string> { ["features.0"] = x };
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            if (stage > 0)
            {
                var between = $"features/features.{2 * stage}/features.{2 * stage}";
                x = net.Conv($"{between}.1", ChannelNorm(net, $"{between}.0", x), widths[stage], Window.Of(2, 2));
            }
            for (var i = 0; i < blocks[stage]; i++)
                x = Block(net, $"features/features.{2 * stage + 1}/features.{2 * stage + 1}.{i}", x, widths[stage]);
            ends[$"features.{2 * stage + 1}"] = x;
        }
        x = ChannelNorm(net, "classifier/classifier.0", net.GlobalAveragePool("avgpool", x));
        ends["classifier"] = net.Linear("classifier/classifier.2", net.Flatten("classifier/classifier.1", x), classes);
        return ends;
    }

    private static string ChannelNorm(TwinNetwork net, string at, string x) =>
        net.Transpose(at, net.LayerNorm(at, net.Transpose(at, x, 0, 2, 3, 1)), 0, 3, 1, 2);

    private static string Block(TwinNetwork net, string at, string x, long width)
    {
        var y = net.Conv($"{at}/block/block.0", x, width, Window.Of(7, 1, 3), width);
        y = net.LayerNorm($"{at}/block/block.2", net.Transpose($"{at}/block/block.1", y, 0, 2, 3, 1));
        y = net.Linear($"{at}/block/block.5", net.Gelu($"{at}/block/block.4", net.Linear($"{at}/block/block.3", y, 4 * width)), width);
        y = net.Transpose($"{at}/block/block.6", y, 0, 3, 1, 2);
        return net.Add(at, net.MulFixed(at, y, net.Embedding($"{at}/layer_scale", 0.5, width, 1, 1)), x);
    }
}
