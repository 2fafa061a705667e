namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>
/// Like VOneNet (Dapello et al. 2020) without its noise: fixed Gabor filters in two phases, rectified simple cells, complex cells as the root of
/// the energy, a 1 x 1 convolution to the width of AlexNet's first layer, then AlexNet.
/// </summary>
public static class VOneNet
{
    /// <param name="net">The net.</param>
    /// <param name="orientations">Orientations of the filters.</param>
    /// <param name="widths">AlexNet's channels.</param>
    /// <param name="dense">Units of the dense layers.</param>
    /// <param name="classes">Classes.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int orientations, long[] widths, long dense, long classes)
    {
        const long side = 9;
        var window = Window.Of(side, 2, side / 2);
        long[] shape = [orientations, 3, side, side];
        var even = net.Conv("vone_block/simple_conv_q0", net.Input, shape, () => Gabor.Filters(orientations, 3, side, 5, 0), window);
        var odd = net.Conv("vone_block/simple_conv_q1", net.Input, shape, () => Gabor.Filters(orientations, 3, side, 5, Math.PI / 2), window);
        var simple = net.Relu("vone_block/simple", net.Scale("vone_block", even, 10));
        var energy = net.Add("vone_block", net.Square("vone_block", even), net.Square("vone_block", odd));
        var complex = net.Scale("vone_block/complex", net.Sqrt("vone_block", net.Shift("vone_block", energy, 1e-4f)), (float)(10 / Math.Sqrt(2)));
        var ends = new Dictionary<string, string> { ["v1_output"] = net.Concat("vone_block", 1, simple, complex) };
        var x = net.MaxPool("model/pool", net.Conv("bottleneck", ends["v1_output"], widths[0], Window.Of(1), bias: false), Window.Of(3, 2));
        foreach (var (name, end) in AlexNet.Trunk(net, x, widths, dense, classes, blurred: false))
            ends[name] = end;
        return ends;
    }
}
