using Google.Protobuf;
using PerceptionStudy.Synthesis.FrontEnds;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Synthesis.Tests;

/// <summary>Small networks made in code, for tests of everything around them.</summary>
public static class TestNets
{
    /// <summary>
    /// Means of 2 x 2 blocks, per channel: input <c>image</c> [1,3,size,size], stage <c>blocks</c>, classes <c>scores</c> (the three channel means).
    /// A metamer's solution is known: the start, with each block moved to the natural picture's mean.
    /// </summary>
    public static string Blocks(TestFolder folder, int size = 8, string name = "blocks.onnx")
    {
        var net = new GraphBuilder();
        net.Input("image", [1, 3, size, size]);
        Node(net, "AveragePool", ["image"], "blocks", [1, 3, size / 2, size / 2], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        Node(net, "GlobalAveragePool", ["blocks"], "means", [1, 3, 1, 1]);
        Node(net, "Flatten", ["means"], "scores", [1, 3]);
        return Write(net, folder[name], "scores");
    }

    /// <summary>
    /// Two convolutions with ReLU and a dense layer: input <c>image</c> [1,channels,size,size] (or [1,size,size,channels]), stages <c>conv1</c>, <c>relu1</c>, <c>pool1</c>,
    /// <c>conv2</c>, <c>relu2</c>, <c>pooled</c>, classes <c>logits</c> [1,4].
    /// </summary>
    public static string Convolutional(TestFolder folder, int size = 16, int channels = 3, bool channelsLast = false, int seed = 1, string name = "conv.onnx")
    {
        var random = new Random(seed);
        var net = new GraphBuilder();
        net.Input("image", channelsLast ? [1, size, size, channels] : [1, channels, size, size]);
        var input = "image";
        if (channelsLast)
            Node(net, "Transpose", ["image"], input = "planes", [1, channels, size, size], ("perm", new long[] { 0, 3, 1, 2 }));
        Node(net, "Conv", [input, Weights(net, "w1", random, 8, channels, 3, 3)], "conv1", [1, 8, size, size], ("pads", new long[] { 1, 1, 1, 1 }));
        Node(net, "Relu", ["conv1"], "relu1", [1, 8, size, size]);
        Node(net, "MaxPool", ["relu1"], "pool1", [1, 8, size / 2, size / 2], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 }));
        Node(net, "Conv", ["pool1", Weights(net, "w2", random, 12, 8, 3, 3)], "conv2", [1, 12, size / 2, size / 2], ("pads", new long[] { 1, 1, 1, 1 }));
        Node(net, "Relu", ["conv2"], "relu2", [1, 12, size / 2, size / 2]);
        Node(net, "GlobalAveragePool", ["relu2"], "pooled", [1, 12, 1, 1]);
        Node(net, "Flatten", ["pooled"], "flat", [1, 12]);
        Node(net, "Gemm", ["flat", Weights(net, "w3", random, 12, 4)], "logits", [1, 4]);
        return Write(net, folder[name], "logits");
    }

    /// <summary>
    /// Recognises words, of a waveform [1,samples] or of a cochleagram [1,1,bands,frames]: stages <c>conv1</c>, <c>relu1</c>, <c>pooled</c>, classes <c>logits</c> [1,4].
    /// </summary>
    public static string Words(TestFolder folder, SoundPipeline pipeline)
    {
        var (random, net) = (new Random(2), new GraphBuilder());
        long[] input = [1, .. pipeline.Shape ?? [pipeline.Samples]];
        net.Input("sound", input);
        var heard = pipeline.Cochleagram is not null;
        long[] kernel = heard ? [5, 5] : [64], strides = heard ? [1, 1] : [8], size = heard ? [input[^2] - 4, input[^1] - 4] : [(input[^1] - 64) / 8 + 1];
        // Written out: a network's own reshape keeps its batch open.
        Node(net, "Reshape", ["sound", net.Integers("one_channel", [0, 1, .. heard ? input[^2..] : input[^1..]])], "channel", [1, 1, .. heard ? input[^2..] : input[^1..]]);
        Node(net, "Conv", ["channel", Weights(net, "w1", random, [8, 1, .. kernel])], "conv1", [1, 8, .. size], ("kernel_shape", kernel), ("strides", strides));
        Node(net, "Relu", ["conv1"], "relu1", [1, 8, .. size]);
        Node(net, "GlobalAveragePool", ["relu1"], "pooled", [1, 8, .. heard ? new long[] { 1, 1 } : [1]]);
        Node(net, "Flatten", ["pooled"], "flat", [1, 8]);
        Node(net, "Gemm", ["flat", Weights(net, "w2", random, 8, 4)], "logits", [1, 4]);
        return Write(net, folder[heard ? $"words-{input[^2]}.onnx" : "words.onnx"], "logits");
    }

    /// <summary>One operator behind the input, for example one without a gradient, then the mean over each channel as <c>scores</c>.</summary>
    public static string With(TestFolder folder, string opType, string name = "with.onnx", params (string Name, object Value)[] attributes)
    {
        var net = new GraphBuilder();
        net.Input("image", [1, 3, 8, 8]);
        Node(net, opType, ["image"], "special", [1, 3, 8, 8], attributes);
        Node(net, "GlobalAveragePool", ["special"], "means", [1, 3, 1, 1]);
        Node(net, "Flatten", ["means"], "scores", [1, 3]);
        return Write(net, folder[name], "scores");
    }

    /// <summary>exp(exp(factor · x)) as the stage <c>steep</c>.</summary>
    public static string DoubleExp(TestFolder folder, float factor)
    {
        var net = new GraphBuilder();
        net.Input("image", [1, 3, 8, 8]);
        Node(net, "Mul", ["image", net.Constant("factor", [], new[] { factor })], "scaled", [1, 3, 8, 8]);
        Node(net, "Exp", ["scaled"], "once", [1, 3, 8, 8]);
        Node(net, "Exp", ["once"], "steep", [1, 3, 8, 8]);
        Node(net, "GlobalAveragePool", ["steep"], "means", [1, 3, 1, 1]);
        Node(net, "Flatten", ["means"], "scores", [1, 3]);
        return Write(net, folder["steep.onnx"], "scores");
    }

    /// <summary>Adds a node whose output has the name wanted.</summary>
    public static void Node(GraphBuilder net, string opType, string[] inputs, string output, long[] shape, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = "node_" + output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (attribute, value) in attributes)
            node.Set(attribute, value);
        net.Add(node, new TensorInfo(output, TensorProto.Types.DataType.Float, shape));
    }

    /// <summary>Writes the net as an ONNX file with one output.</summary>
    public static string Write(GraphBuilder net, string path, string output)
    {
        net.Output(output);
        File.WriteAllBytes(path, net.ToModel().ToByteArray());
        return path;
    }

    private static string Weights(GraphBuilder net, string name, Random random, params long[] shape)
    {
        var fanIn = shape.Skip(1).Aggregate(1L, (a, b) => a * b);
        var values = new float[shape[0] * fanIn];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() * 2 - 1) * Math.Sqrt(3.0 / fanIn));
        net.Add(TensorData.Of(name, shape, values));
        return name;
    }
}
