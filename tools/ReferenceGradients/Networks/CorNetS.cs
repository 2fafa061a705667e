namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>CORnet-S (Kubilius et al. 2019), its recurrence unrolled: the convolutions of an area are shared by its passes, the normalisations are not.</summary>
public static class CorNetS
{
    private const int Widening = 4;

    /// <param name="net">The net.</param>
    /// <param name="widths">Channels of V1, V2, V4, IT: 64, 128, 256, 512.</param>
    /// <param name="times">Passes of V2, V4, IT: 2, 4, 2.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, long[] widths, int[] times, long classes)
    {
        var x = net.Relu("V1/nonlin1", net.ConvNorm("V1/conv1", "V1/norm1", net.Input, widths[0], Window.Of(7, 2, 3)));
        x = net.MaxPool("V1/pool", x, Window.Of(3, 2, 1));
        x = net.Relu("V1/nonlin2", net.ConvNorm("V1/conv2", "V1/norm2", x, widths[0], Window.Of(3, 1, 1)));
        var ends = new Dictionary<string, string> { ["V1"] = x };
        string[] areas = ["V2", "V4", "IT"];
        for (var i = 0; i < areas.Length; i++)
            ends[areas[i]] = x = Area(net, areas[i], x, widths[i + 1], times[i]);
        x = net.GlobalAveragePool("decoder/avgpool", x);
        ends["final"] = net.Linear("decoder/linear", net.Flatten("decoder/flatten", x), classes);
        return ends;
    }

    private static string Area(TwinNetwork net, string at, string x, long width, int times)
    {
        x = net.Conv($"{at}/conv_input", x, width, Window.Of(1), bias: false);
        for (var t = 0; t < times; t++)
        {
            var skip = t == 0 ? net.ConvNorm($"{at}/skip", $"{at}/norm_skip", x, width, Window.Of(1, 2)) : x;
            x = net.Relu($"{at}/nonlin1", net.ConvNorm($"{at}/conv1", $"{at}/norm1_{t}", x, width * Widening, Window.Of(1)));
            x = net.Relu($"{at}/nonlin2", net.ConvNorm($"{at}/conv2", $"{at}/norm2_{t}", x, width * Widening, Window.Of(3, t == 0 ? 2 : 1, 1)));
            x = net.ConvNorm($"{at}/conv3", $"{at}/norm3_{t}", x, width, Window.Of(1));
            x = net.Relu($"{at}/nonlin3", net.Add(at, x, skip));
        }
        return x;
    }
}
