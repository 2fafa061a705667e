namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>
/// Like HMAX (Riesenhuber and Poggio 1999; Serre et al. 2007): S1 are normalised Gabor responses of two sizes, C1 their maxima over places and
/// sizes, S2 Gaussian distances to stored patches, C2 maxima over the picture, then a linear classifier.
/// </summary>
public static class Hmax
{
    /// <param name="net">The net; its input has one channel.</param>
    /// <param name="orientations">Orientations of S1.</param>
    /// <param name="patches">Number of stored patches.</param>
    /// <param name="classes">Classes.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int orientations, long patches, long classes)
    {
        var sizes = new[] { 7L, 9L }.Select(side => S1(net, $"s1_{side}", orientations, side)).ToArray();
        var ends = new Dictionary<string, string> { ["s1"] = sizes[0] };
        var pooled = sizes.Select((s, i) => net.MaxPool($"c1_{i}", s, Window.Of(6, 3))).ToArray();
        var c1 = ends["c1"] = net.Max("c1", pooled[0], pooled[1]);

        // ‖c − p‖² = ‖c‖² − 2 c·p + ‖p‖² for the patch c at each place.
        var square = net.Conv("s2/norm", net.Square("s2", c1), [1, orientations, 3, 3], () => [.. Enumerable.Repeat(1f, orientations * 9)], Window.Of(3));
        var product = net.Conv("s2/patches", c1, patches, Window.Of(3), bias: false);
        var distance = net.AddFixed("s2", net.Sub("s2", square, net.Scale("s2", product, 2)), net.Fixed("s2.norms", [1, patches, 1, 1], [.. Enumerable.Repeat(2f, (int)patches)]));
        ends["s2"] = net.Exp("s2", net.Scale("s2", distance, -0.2f));
        var c2 = ends["c2"] = net.GlobalMaxPool("c2", ends["s2"]);
        ends["final"] = net.Linear("classifier", net.Flatten("", c2), classes);
        return ends;
    }

    private static string S1(TwinNetwork net, string at, int orientations, long side)
    {
        var window = Window.Of(side, 1, side / 2);
        var response = net.Abs(at, net.Conv($"{at}/gabor", net.Input, [orientations, 1, side, side], () => Gabor.Filters(orientations, 1, side, side * 0.6, 0), window));
        var energy = net.Conv($"{at}/energy", net.Square(at, net.Input), [1, 1, side, side], () => [.. Enumerable.Repeat(1f, (int)(side * side))], window);
        return net.Div(at, response, net.Sqrt(at, net.Shift(at, energy, 1e-3f)));
    }
}
