using static TorchSharp.torch;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Krizhevsky 2014, as in torchvision; and its anti-aliased form (Zhang 2019), whose pooling and first stride blur before they subsample.</summary>
public static class AlexNet
{
    private static readonly long[] Binomial = [1, 4, 6, 4, 1];

    /// <param name="net">The net.</param>
    /// <param name="widths">Channels of the five convolutions: 64, 192, 384, 256, 256.</param>
    /// <param name="dense">Units of the dense layers: 4096.</param>
    /// <param name="classes">Classes: 1000.</param>
    /// <param name="stem">The first convolution: 11, stride 4, padding 2.</param>
    /// <param name="blurred">The anti-aliased form.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, long[] widths, long dense, long classes, Window stem, bool blurred = false)
    {
        string x;
        if (blurred)
            x = Blur(net, "features/features.2", net.Relu("features/features.1", net.Conv("features/features.0", net.Input, widths[0], stem with { Strides = [.. stem.Strides.Select(s => s / 2)] })));
        else
            x = net.Relu("features/features.1", net.Conv("features/features.0", net.Input, widths[0], stem));
        var ends = new Dictionary<string, string> { ["relu0"] = x };
        foreach (var (name, end) in Trunk(net, Pool(net, "features/features.2p", x, blurred), widths, dense, classes, blurred))
            ends[name] = end;
        return ends;
    }

    /// <summary>What follows the first convolution and its pooling.</summary>
    internal static Dictionary<string, string> Trunk(TwinNetwork net, string x, long[] widths, long dense, long classes, bool blurred)
    {
        var ends = new Dictionary<string, string>();
        for (var i = 1; i < widths.Length; i++)
        {
            x = net.Relu($"features/features.{3 * i + 1}", net.Conv($"features/features.{3 * i}", x, widths[i], i == 1 ? Window.Of(5, 1, 2) : Window.Of(3, 1, 1)));
            ends[$"relu{i}"] = x;
            if (i is 1 or 4)
                x = Pool(net, $"features/features.{3 * i + 2}", x, blurred);
        }
        x = net.Flatten("", x);
        for (var i = 0; i < 2; i++)
            ends[$"fc{i}_relu"] = x = net.Relu($"classifier/classifier.{3 * i + 2}", net.Linear($"classifier/classifier.{3 * i + 1}", x, dense));
        ends["final"] = net.Linear("classifier/classifier.6", x, classes);
        return ends;
    }

    private static string Pool(TwinNetwork net, string at, string x, bool blurred) =>
        blurred ? Blur(net, at, net.MaxPool(at, x, Window.Of(3, 1))) : net.MaxPool(at, x, Window.Of(3, 2));

    // Each channel by itself with a binomial window of 5, stride 2, after padding by reflection.
    private static string Blur(TwinNetwork net, string at, string x)
    {
        var channels = net.Shape(x)[1];
        float[] window = [.. from a in Binomial from b in Binomial select a * b / 256f];
        return net.Conv($"{at}/blur", net.ReflectionPad($"{at}/pad", x, 2, 2), [channels, 1, 5, 5],
            () => [.. Enumerable.Repeat(window, (int)channels).SelectMany(w => w)], Window.Of(5, 2), channels);
    }
}
