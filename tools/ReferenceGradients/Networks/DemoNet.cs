namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>The structure of the demo's networks (demo/models), with random weights: five convolutions with ReLU, a dense layer, logits; input 96 x 96.</summary>
public static class DemoNet
{
    private static readonly (long Channels, bool Pools)[] Blocks = [(32, true), (48, false), (64, true), (96, false), (128, true)];

    public static Dictionary<string, string> Build(TwinNetwork net, long classes)
    {
        var (x, ends) = (net.Scale("", net.Shift("", net.Input, -0.5f), 4), new Dictionary<string, string>());
        for (var i = 0; i < Blocks.Length; i++)
        {
            x = net.Relu($"relu{i + 1}", net.ConvNorm($"conv{i + 1}", $"norm{i + 1}", x, Blocks[i].Channels, i == 0 ? Window.Of(5, 2, 2) : Window.Of(3, 1, 1)));
            ends[$"relu{i + 1}"] = x;
            if (Blocks[i].Pools)
                x = net.MaxPool($"pool{i + 1}", x, Window.Of(2, 2));
        }
        ends["dense_relu"] = x = net.Relu("dense_relu", net.Linear("dense", net.Flatten("", x), 256));
        ends["logits"] = net.Linear("logits", x, classes);
        return ends;
    }
}
