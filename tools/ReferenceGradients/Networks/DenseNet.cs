namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Huang et al. 2017, as in torchvision: normalisation before convolution, so that half of the normalisations stay nodes of their own.</summary>
public static class DenseNet
{
    /// <param name="net">The net.</param>
    /// <param name="blocks">Layers of each block: 6, 12, 24, 16 for DenseNet-121.</param>
    /// <param name="growth">Channels that a layer adds: 32.</param>
    /// <param name="width">Channels of the stem: 64.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int[] blocks, long growth, long width, long classes)
    {
        var x = net.Relu("features/relu0", net.ConvNorm("features/conv0", "features/norm0", net.Input, width, Window.Of(7, 2, 3)));
        x = net.MaxPool("features/pool0", x, Window.Of(3, 2, 1));
        var ends = new Dictionary<string, string> { ["stem"] = x };
        for (var block = 0; block < blocks.Length; block++)
        {
            List<string> parts = [x];
            for (var layer = 0; layer < blocks[block]; layer++)
            {
                var at = $"features/denseblock{block + 1}/denselayer{layer + 1}";
                var y = net.Relu($"{at}/relu1", net.Norm($"{at}/norm1", parts.Count == 1 ? parts[0] : net.Concat(at, 1, [.. parts])));
                y = net.Relu($"{at}/relu2", net.ConvNorm($"{at}/conv1", $"{at}/norm2", y, 4 * growth, Window.Of(1)));
                parts.Add(net.Conv($"{at}/conv2", y, growth, Window.Of(3, 1, 1), bias: false));
            }
            ends[$"denseblock{block + 1}"] = x = net.Concat($"features/denseblock{block + 1}", 1, [.. parts]);
            if (block == blocks.Length - 1)
                break;
            var transition = $"features/transition{block + 1}";
            x = net.Relu($"{transition}/relu", net.Norm($"{transition}/norm", x));
            x = net.AveragePool($"{transition}/pool", net.Conv($"{transition}/conv", x, net.Shape(x)[1] / 2, Window.Of(1), bias: false), Window.Of(2, 2));
        }
        x = net.Relu("", net.Norm("features/norm5", x));
        ends["classifier"] = net.Linear("classifier", net.Flatten("", net.GlobalAveragePool("", x)), classes);
        return ends;
    }
}
