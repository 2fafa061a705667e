namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Szegedy et al. 2016, as in torchvision, all kinds of its blocks once or twice.</summary>
public static class InceptionV3
{
    /// <param name="net">The net.</param>
    /// <param name="divisor">By which all widths of the published net are divided.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, long divisor, long classes)
    {
        string Conv(string at, string x, long width, Window window) => net.Relu(at, net.ConvNorm($"{at}/conv", $"{at}/bn", x, Math.Max(1, width / divisor), window));
        Window seven1 = new([7, 1], [1, 1], [3, 0]), one7 = new([1, 7], [1, 1], [0, 3]), three1 = new([3, 1], [1, 1], [1, 0]), one3 = new([1, 3], [1, 1], [0, 1]);

        var x = Conv("Conv2d_1a_3x3", net.Input, 32, Window.Of(3, 2));
        x = Conv("Conv2d_2a_3x3", x, 32, Window.Of(3));
        x = Conv("Conv2d_2b_3x3", x, 64, Window.Of(3, 1, 1));
        x = net.MaxPool("maxpool1", x, Window.Of(3, 2));
        x = Conv("Conv2d_3b_1x1", x, 80, Window.Of(1));
        x = Conv("Conv2d_4a_3x3", x, 192, Window.Of(3));
        x = net.MaxPool("maxpool2", x, Window.Of(3, 2));
        var ends = new Dictionary<string, string> { ["stem"] = x };

        x = net.Concat("Mixed_5b", 1,
            Conv("Mixed_5b/branch1x1", x, 64, Window.Of(1)),
            Conv("Mixed_5b/branch5x5_2", Conv("Mixed_5b/branch5x5_1", x, 48, Window.Of(1)), 64, Window.Of(5, 1, 2)),
            Conv("Mixed_5b/branch3x3dbl_3", Conv("Mixed_5b/branch3x3dbl_2", Conv("Mixed_5b/branch3x3dbl_1", x, 64, Window.Of(1)), 96, Window.Of(3, 1, 1)), 96, Window.Of(3, 1, 1)),
            Conv("Mixed_5b/branch_pool", net.AveragePool("Mixed_5b", x, Window.Of(3, 1, 1)), 32, Window.Of(1)));
        ends["Mixed_5b"] = x;
        x = net.Concat("Mixed_6a", 1,
            Conv("Mixed_6a/branch3x3", x, 384, Window.Of(3, 2)),
            Conv("Mixed_6a/branch3x3dbl_3", Conv("Mixed_6a/branch3x3dbl_2", Conv("Mixed_6a/branch3x3dbl_1", x, 64, Window.Of(1)), 96, Window.Of(3, 1, 1)), 96, Window.Of(3, 2)),
            net.MaxPool("Mixed_6a", x, Window.Of(3, 2)));
        string Chain(string at, string from, params (string Name, long Width, Window Window)[] layers) =>
            layers.Aggregate(from, (value, layer) => Conv($"{at}/{layer.Name}", value, layer.Width, layer.Window));
        x = net.Concat("Mixed_6b", 1,
            Conv("Mixed_6b/branch1x1", x, 192, Window.Of(1)),
            Chain("Mixed_6b", x, ("branch7x7_1", 128, Window.Of(1)), ("branch7x7_2", 128, one7), ("branch7x7_3", 192, seven1)),
            Chain("Mixed_6b", x, ("branch7x7dbl_1", 128, Window.Of(1)), ("branch7x7dbl_2", 128, seven1), ("branch7x7dbl_3", 128, one7), ("branch7x7dbl_4", 128, seven1), ("branch7x7dbl_5", 192, one7)),
            Conv("Mixed_6b/branch_pool", net.AveragePool("Mixed_6b", x, Window.Of(3, 1, 1)), 192, Window.Of(1)));
        ends["Mixed_6b"] = x;
        x = net.Concat("Mixed_7a", 1,
            Chain("Mixed_7a", x, ("branch3x3_1", 192, Window.Of(1)), ("branch3x3_2", 320, Window.Of(3, 2))),
            Chain("Mixed_7a", x, ("branch7x7x3_1", 192, Window.Of(1)), ("branch7x7x3_2", 192, one7), ("branch7x7x3_3", 192, seven1), ("branch7x7x3_4", 192, Window.Of(3, 2))),
            net.MaxPool("Mixed_7a", x, Window.Of(3, 2)));
        string Fork(string at, string from, string a, string b) => net.Concat(at, 1, Conv($"{at}/{a}", from, 384, one3), Conv($"{at}/{b}", from, 384, three1));
        x = net.Concat("Mixed_7b", 1,
            Conv("Mixed_7b/branch1x1", x, 320, Window.Of(1)),
            Fork("Mixed_7b", Conv("Mixed_7b/branch3x3_1", x, 384, Window.Of(1)), "branch3x3_2a", "branch3x3_2b"),
            Fork("Mixed_7b", Chain("Mixed_7b", x, ("branch3x3dbl_1", 448, Window.Of(1)), ("branch3x3dbl_2", 384, Window.Of(3, 1, 1))), "branch3x3dbl_3a", "branch3x3dbl_3b"),
            Conv("Mixed_7b/branch_pool", net.AveragePool("Mixed_7b", x, Window.Of(3, 1, 1)), 192, Window.Of(1)));
        ends["Mixed_7b"] = x;
        ends["fc"] = net.Linear("fc", net.Flatten("", net.GlobalAveragePool("avgpool", x)), classes);
        return ends;
    }
}
