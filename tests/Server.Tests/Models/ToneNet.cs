using Google.Protobuf;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;
using PerceptionStudy.Synthesis.Media;

namespace PerceptionStudy.Server.Tests.Models;

/// <summary>
/// A network that tells low, middle and high tones apart by their energy behind pairs of filters, and the recordings for it: small enough that metamers take a
/// second, honest enough that its answers mean something. Stages <c>filtered</c> (a strided convolution), <c>energy</c>, <c>pooled</c>, <c>bands</c>, <c>scores</c>.
/// </summary>
public static class ToneNet
{
    public const int RateHz = 8_000, Samples = 2_000;
    public static readonly string[] Words = ["low", "middle", "high"];

    private const int Taps = 64, Stride = 8, Frames = (Samples - Taps) / Stride + 1;
    private static readonly double[] Hertz = [300, 900, 2400];

    /// <summary>The names of its classes are in the file, as exporters write them.</summary>
    public static byte[] Onnx()
    {
        var net = new GraphBuilder();
        net.Input("sound", [1, Samples]);
        net.Add(TensorData.Of("shape", [3], [1L, 1L, Samples]));
        Node(net, "Reshape", ["sound", "shape"], "wave", [1, 1, Samples]);
        // A cosine and a sine for each tone, in a Hann window.
        var weights = new float[6 * Taps];
        for (var f = 0; f < 6; f++)
            for (var n = 0; n < Taps; n++)
                weights[f * Taps + n] = (float)((0.5 - 0.5 * Math.Cos(2 * Math.PI * n / Taps)) * Math.Cos(2 * Math.PI * Hertz[f / 2] * n / RateHz - f % 2 * Math.PI / 2));
        net.Add(TensorData.Of("filters", [6, 1, Taps], weights));
        Node(net, "Conv", ["wave", "filters"], "filtered", [1, 6, Frames], ("strides", new long[] { Stride }));
        Node(net, "Mul", ["filtered", "filtered"], "energy", [1, 6, Frames]);
        Node(net, "AveragePool", ["energy"], "pooled", [1, 6, Frames / 9], ("kernel_shape", new long[] { 9 }), ("strides", new long[] { 9 }));
        Node(net, "GlobalAveragePool", ["pooled"], "bands", [1, 6, 1]);
        Node(net, "Flatten", ["bands"], "flat", [1, 6]);
        float[] pairs = [1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0, 0, 1];
        net.Add(TensorData.Of("pairs", [6, 3], pairs));
        Node(net, "MatMul", ["flat", "pairs"], "scores", [1, 3]);
        net.Output("scores");
        var model = net.ToModel();
        model.MetadataProps.Add(new StringStringEntryProto { Key = "classes", Value = """["low","middle","high"]""" });
        model.MetadataProps.Add(new StringStringEntryProto { Key = "sample_rate", Value = "8000" });
        return model.ToByteArray();
    }

    /// <summary>A recording of a tone of the word's pitch with a swell of its own and a little noise, as a WAV.</summary>
    public static byte[] Recording(string word, int number, int samples = Samples)
    {
        var random = new Random(100 * Array.IndexOf(Words, word) + number);
        var (hertz, swell, noise) = (Hertz[Array.IndexOf(Words, word)] * (0.97 + 0.06 * random.NextDouble()), 2 + 6 * random.NextDouble(), 0.02);
        var path = Path.GetTempFileName();
        try
        {
            new Sound(RateHz, [.. Enumerable.Range(0, samples).Select(i => (float)((0.2 + 0.15 * Math.Sin(2 * Math.PI * swell * i / RateHz + number)) * Math.Sin(2 * Math.PI * hertz * i / RateHz) + noise * (random.NextDouble() - 0.5)))]).Write(path);
            return File.ReadAllBytes(path);
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static void Node(GraphBuilder net, string opType, string[] inputs, string output, long[] shape, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = "node_" + output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (attribute, value) in attributes) node.Set(attribute, value);
        net.Add(node, new TensorInfo(output, TensorProto.Types.DataType.Float, shape));
    }
}
