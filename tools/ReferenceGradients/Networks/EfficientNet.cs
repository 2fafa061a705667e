namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Tan and Le 2019, as in torchvision: inverted residuals with SiLU, squeeze and excitation with a sigmoid.</summary>
public static class EfficientNet
{
    /// <summary>One stage: expansion, kernel, stride of its first block, channels, blocks.</summary>
    public sealed record Stage(long Expansion, long Kernel, long Stride, long Width, int Blocks);

    /// <param name="net">The net.</param>
    /// <param name="stem">Channels of the first convolution: 32.</param>
    /// <param name="stages">The stages; seven in B0.</param>
    /// <param name="last">Channels of the last convolution: 1280.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, long stem, Stage[] stages, long last, long classes)
    {
        var x = net.Silu("features/features.0/features.0.2", net.ConvNorm("features/features.0/features.0.0", "features/features.0/features.0.1", net.Input, stem, Window.Of(3, 2, 1)));
        var ends = new Dictionary<string, string> { ["features.0"] = x };
        for (var s = 0; s < stages.Length; s++)
        {
            for (var i = 0; i < stages[s].Blocks; i++)
                x = Block(net, $"features/features.{s + 1}/features.{s + 1}.{i}/block", x, stages[s], i == 0 ? stages[s].Stride : 1);
            ends[$"features.{s + 1}"] = x;
        }
        var end = $"features/features.{stages.Length + 1}";
        x = net.Silu($"{end}/2", net.ConvNorm($"{end}/0", $"{end}/1", x, last, Window.Of(1)));
        ends["classifier"] = net.Linear("classifier/classifier.1", net.Flatten("", net.GlobalAveragePool("avgpool", x)), classes);
        return ends;
    }

    private static string Block(TwinNetwork net, string at, string x, Stage stage, long stride)
    {
        var (from, expanded) = (net.Shape(x)[1], net.Shape(x)[1] * stage.Expansion);
        var y = stage.Expansion == 1 ? x : net.Silu($"{at}/block.0/block.0.2", net.ConvNorm($"{at}/block.0/block.0.0", $"{at}/block.0/block.0.1", x, expanded, Window.Of(1)));
        y = net.Silu($"{at}/block.1/block.1.2", net.ConvNorm($"{at}/block.1/block.1.0", $"{at}/block.1/block.1.1", y, expanded, Window.Of(stage.Kernel, stride, stage.Kernel / 2), expanded));
        var squeezed = net.Silu($"{at}/block.2/activation", net.Conv($"{at}/block.2/fc1", net.GlobalAveragePool($"{at}/block.2/avgpool", y), Math.Max(1, from / 4), Window.Of(1)));
        y = net.Mul($"{at}/block.2", net.Sigmoid($"{at}/block.2/scale_activation", net.Conv($"{at}/block.2/fc2", squeezed, expanded, Window.Of(1))), y);
        y = net.ConvNorm($"{at}/block.3/block.3.0", $"{at}/block.3/block.3.1", y, stage.Width, Window.Of(1));
        return stride == 1 && from == stage.Width ? net.Add(at, y, x) : y;
    }
}
