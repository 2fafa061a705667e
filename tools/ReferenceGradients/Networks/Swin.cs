using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Liu et al. 2021, as in torchvision: attention within windows, every second block with the windows shifted.</summary>
public static class Swin
{
    private const float Masked = -100;

    /// <param name="net">The net.</param>
    /// <param name="depths">Blocks of each stage: 2, 2, 6, 2.</param>
    /// <param name="width">Channels of the first stage: 96.</param>
    /// <param name="heads">Heads of each stage: 3, 6, 12, 24.</param>
    /// <param name="window">Side of a window in patches: 7.</param>
    /// <param name="classes">Classes: 1000.</param>
    public static Dictionary<string, string> Build(TwinNetwork net, int[] depths, long width, long[] heads, long window, long classes)
    {
        var x = net.Transpose("features/features.0", net.Conv("features/features.0/features.0.0", net.Input, width, Window.Of(4, 4)), 0, 2, 3, 1);
        x = net.LayerNorm("features/features.0/features.0.2", x, 1e-5);
        var ends = new Dictionary<string, string> { ["features.0"] = x };
        for (var stage = 0; stage < depths.Length; stage++)
        {
            if (stage > 0)
                x = Merge(net, $"features/features.{2 * stage}", x);
            for (var i = 0; i < depths[stage]; i++)
            {
                var at = $"features/features.{2 * stage + 1}/features.{2 * stage + 1}.{i}";
                x = net.Add(at, x, WindowAttention(net, $"{at}/attn", net.LayerNorm($"{at}/norm1", x, 1e-5), heads[stage], window, i % 2 == 0 ? 0 : window / 2));
                var hidden = net.Gelu($"{at}/mlp/mlp.1", net.Linear($"{at}/mlp/mlp.0", net.LayerNorm($"{at}/norm2", x, 1e-5), 4 * net.Shape(x)[3]));
                x = net.Add($"{at}/2", x, net.Linear($"{at}/mlp/mlp.3", hidden, net.Shape(x)[3]));
            }
            ends[$"features.{2 * stage + 1}"] = x;
        }
        x = net.GlobalAveragePool("avgpool", net.Transpose("permute", net.LayerNorm("norm", x, 1e-5), 0, 3, 1, 2));
        ends["head"] = net.Linear("head", net.Flatten("flatten", x), classes);
        return ends;
    }

    private static string Merge(TwinNetwork net, string at, string x)
    {
        string Part(long row, long column) => net.Slice(at, net.Slice(at, x, 1, row, long.MaxValue, 2), 2, column, long.MaxValue, 2);
        var joined = net.Concat(at, 3, Part(0, 0), Part(1, 0), Part(0, 1), Part(1, 1));
        return net.Linear($"{at}/reduction", net.LayerNorm($"{at}/norm", joined, 1e-5), net.Shape(x)[3] * 2, bias: false);
    }

    private static string WindowAttention(TwinNetwork net, string at, string x, long heads, long side, long shift)
    {
        long n = net.Shape(x)[0], rows = net.Shape(x)[1], columns = net.Shape(x)[2], width = net.Shape(x)[3];
        if (side >= rows)
            shift = 0;
        if (shift > 0)
            x = net.Roll(at, net.Roll(at, x, 1, -shift), 2, -shift);
        long down = rows / side, across = columns / side, size = side * side;
        x = net.Transpose(at, net.Reshape(at, x, n, down, side, across, side, width), 0, 1, 3, 2, 4, 5);
        x = net.Reshape(at, x, n * down * across, size, width);

        var all = net.Transpose(at, net.Reshape(at, net.Linear($"{at}/qkv", x, 3 * width), n * down * across, size, 3, heads, width / heads), 2, 0, 3, 1, 4);
        var query = net.Scale(at, net.Gather(at, all, 0, 0), (float)Math.Pow(width / heads, -0.5));
        var scores = net.MatMul(at, query, net.Transpose(at, net.Gather(at, all, 0, 1), 0, 1, 3, 2));
        scores = net.AddFixed(at, scores, net.Embedding($"{at}.relative_position_bias", 0.5, 1, heads, size, size));
        if (shift > 0)
        {
            var mask = net.Fixed($"{at}.mask", [1, down * across, 1, size, size], ShiftMask(down, across, side, shift));
            scores = net.AddFixed(at, net.Reshape(at, scores, n, down * across, heads, size, size), mask);
            scores = net.Reshape(at, scores, n * down * across, heads, size, size);
        }
        x = net.MatMul(at, net.Softmax(at, scores), net.Gather(at, all, 0, 2));
        x = net.Linear($"{at}/proj", net.Reshape(at, net.Transpose(at, x, 0, 2, 1, 3), n * down * across, size, width), width);

        x = net.Transpose(at, net.Reshape(at, x, n, down, across, side, side, width), 0, 1, 3, 2, 4, 5);
        x = net.Reshape(at, x, n, rows, columns, width);
        return shift > 0 ? net.Roll(at, net.Roll(at, x, 1, shift), 2, shift) : x;
    }

    // Patches that the shift brought together from opposite edges do not see each other.
    private static float[] ShiftMask(long down, long across, long side, long shift)
    {
        long Region(long at, long windows) => at < (windows - 1) * side ? 0 : at < windows * side - shift ? 1 : 2;
        var mask = new float[checked((int)Shapes.Size([down * across, side * side, side * side]))];
        var i = 0;
        for (var w = 0L; w < down * across; w++)
            for (var a = 0L; a < side * side; a++)
                for (var b = 0L; b < side * side; b++)
                {
                    long Of(long p) => 3 * Region(w / across * side + p / side, down) + Region(w % across * side + p % side, across);
                    mask[i++] = Of(a) == Of(b) ? 0 : Masked;
                }
        return mask;
    }
}
