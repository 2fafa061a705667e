namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Howard et al. 2019, as in torchvision: inverted residuals, squeeze and excitation, hard swish.</summary>
public static class MobileNetV3
{
    /// <summary>One inverted residual.</summary>
    public sealed record Block(long Kernel, long Expanded, long Width, bool Squeezes, bool HardSwish, long Stride);

    /// <param name="net">The net.</param>
    /// <param name="stem">Channels of the first convolution: 16.</param>
    /// <param name="blocks">The inverted residuals.</param>
    /// <param name="last">Channels of the last convolution, and units of the dense layer: 576, 1024 for the small net.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, long stem, Block[] blocks, (long Channels, long Dense) last, long classes)
    {
        var x = net.HardSwish("features/features.0/features.0.2", net.ConvNorm("features/features.0/features.0.0", "features/features.0/features.0.1", net.Input, stem, Window.Of(3, 2, 1)));
        var ends = new Dictionary<string, string> { ["features.0"] = x };
        for (var i = 0; i < blocks.Length; i++)
            ends[$"features.{i + 1}"] = x = Inverted(net, $"features/features.{i + 1}/block", x, blocks[i]);
        var end = $"features/features.{blocks.Length + 1}";
        x = net.HardSwish($"{end}/2", net.ConvNorm($"{end}/0", $"{end}/1", x, last.Channels, Window.Of(1)));
        x = net.Flatten("", net.GlobalAveragePool("avgpool", x));
        x = net.HardSwish("classifier/classifier.1", net.Linear("classifier/classifier.0", x, last.Dense));
        ends["classifier"] = net.Linear("classifier/classifier.3", x, classes);
        return ends;
    }

    private static string Inverted(TwinNetwork net, string at, string x, Block block)
    {
        string Activation(string where, string value) => block.HardSwish ? net.HardSwish(where, value) : net.Relu(where, value);
        var y = block.Expanded == net.Shape(x)[1] ? x
            : Activation($"{at}/block.0/block.0.2", net.ConvNorm($"{at}/block.0/block.0.0", $"{at}/block.0/block.0.1", x, block.Expanded, Window.Of(1)));
        y = net.ConvNorm($"{at}/block.1/block.1.0", $"{at}/block.1/block.1.1", y, block.Expanded, Window.Of(block.Kernel, block.Stride, block.Kernel / 2), block.Expanded);
        y = Activation($"{at}/block.1/block.1.2", y);
        if (block.Squeezes)
        {
            var squeezed = net.Conv($"{at}/block.2/fc1", net.GlobalAveragePool($"{at}/block.2/avgpool", y), Math.Max(4, block.Expanded / 4), Window.Of(1));
            var gate = net.Conv($"{at}/block.2/fc2", net.Relu($"{at}/block.2/activation", squeezed), block.Expanded, Window.Of(1));
            y = net.Mul($"{at}/block.2", net.HardSigmoid($"{at}/block.2/scale_activation", gate), y);
        }
        y = net.ConvNorm($"{at}/block.3/block.3.0", $"{at}/block.3/block.3.1", y, block.Width, Window.Of(1));
        return block.Stride == 1 && net.Shape(x)[1] == block.Width ? net.Add(at, y, x) : y;
    }
}
