namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>He et al. 2016, as in torchvision: the stride of a bottleneck is in its 3 x 3 convolution.</summary>
public static class ResNet
{
    /// <param name="net">The net.</param>
    /// <param name="blocks">Blocks of each stage: 2, 2, 2, 2 for ResNet-18; 3, 4, 6, 3 for ResNet-50.</param>
    /// <param name="bottleneck">ResNet-50's blocks, four times as wide at their end.</param>
    /// <param name="width">Channels of the first stage: 64.</param>
    /// <param name="classes">Classes: 1000; 0 leaves out pooling and classes.</param>
    /// <returns>The ends of the stem (<c>stem</c>) and the stages (<c>layer1</c> ...), <c>avgpool</c> and <c>fc</c>.</returns>
    public static Dictionary<string, string> Build(TwinNetwork net, int[] blocks, bool bottleneck, long width, long classes)
    {
        var ends = new Dictionary<string, string>();
        var x = net.Relu("relu", net.ConvNorm("conv1", "bn1", net.Input, width, Window.Of(7, 2, 3)));
        ends["stem"] = x;
        x = net.MaxPool("maxpool", x, Window.Of(3, 2, 1));
        for (var stage = 0; stage < blocks.Length; stage++)
        {
            for (var block = 0; block < blocks[stage]; block++)
                x = Block(net, $"layer{stage + 1}/layer{stage + 1}.{block}", x, width << stage, stage > 0 && block == 0 ? 2 : 1, bottleneck);
            ends[$"layer{stage + 1}"] = x;
        }
        if (classes == 0)
            return ends;
        ends["avgpool"] = x = net.GlobalAveragePool("avgpool", x);
        ends["fc"] = net.Linear("fc", net.Flatten("", x), classes);
        return ends;
    }

    private static string Block(TwinNetwork net, string at, string x, long width, long stride, bool bottleneck)
    {
        var end = bottleneck ? width * 4 : width;
        string y;
        if (bottleneck)
        {
            y = net.Relu($"{at}/relu", net.ConvNorm($"{at}/conv1", $"{at}/bn1", x, width, Window.Of(1)));
            y = net.Relu($"{at}/relu", net.ConvNorm($"{at}/conv2", $"{at}/bn2", y, width, Window.Of(3, stride, 1)));
            y = net.ConvNorm($"{at}/conv3", $"{at}/bn3", y, end, Window.Of(1));
        }
        else
        {
            y = net.Relu($"{at}/relu", net.ConvNorm($"{at}/conv1", $"{at}/bn1", x, width, Window.Of(3, stride, 1)));
            y = net.ConvNorm($"{at}/conv2", $"{at}/bn2", y, end, Window.Of(3, 1, 1));
        }
        var shortcut = stride > 1 || net.Shape(x)[1] != end
            ? net.ConvNorm($"{at}/downsample/downsample.0", $"{at}/downsample/downsample.1", x, end, Window.Of(1, stride))
            : x;
        return net.Relu($"{at}/relu", net.Add(at, y, shortcut));
    }
}
