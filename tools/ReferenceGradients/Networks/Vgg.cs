namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Simonyan and Zisserman 2015, without batch normalisation, as in torchvision.</summary>
public static class Vgg
{
    /// <param name="net">The net.</param>
    /// <param name="convolutions">Convolutions between two poolings: 2, 2, 4, 4, 4 for VGG-19.</param>
    /// <param name="widths">Channels: 64, 128, 256, 512, 512.</param>
    /// <param name="dense">Units of the dense layers: 4096; 0 leaves them and the classes out.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int[] convolutions, long[] widths, long dense, long classes)
    {
        var (x, at, ends) = (net.Input, 0, new Dictionary<string, string>());
        for (var block = 0; block < widths.Length; block++)
        {
            for (var i = 0; i < convolutions[block]; i++, at += 2)
                ends[$"conv_relu_{block}_{i}"] = x = net.Relu($"features/features.{at + 1}", net.Conv($"features/features.{at}", x, widths[block], Window.Of(3, 1, 1)));
            ends[$"pool{block}"] = x = net.MaxPool($"features/features.{at++}", x, Window.Of(2, 2));
        }
        if (dense == 0)
            return ends;
        x = net.Flatten("", x);
        for (var i = 0; i < 2; i++)
            ends[$"fc_relu_{i}"] = x = net.Relu($"classifier/classifier.{3 * i + 1}", net.Linear($"classifier/classifier.{3 * i}", x, dense));
        ends["final"] = net.Linear("classifier/classifier.6", x, classes);
        return ends;
    }
}
