using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs;
using PerceptionStudy.Synthesis.Graphs.Format;

namespace PerceptionStudy.Bench.NullDistribution;

/// <summary>The stem and the first layer of ResNet-18 (He et al. 2016), batch normalisation folded, with random weights: 1 x 64 x 56 x 56 = 200,704 values.</summary>
internal static class ResNet18Layer1
{
    public static string Write(string path)
    {
        var (net, random) = (new GraphBuilder(), new Random(1));
        net.Input("image", [1, 3, 224, 224]);
        Conv(net, random, "image", "conv1", 3, 112, 7, 2);
        Node(net, "Relu", ["conv1"], "relu", [1, 64, 112, 112]);
        Node(net, "MaxPool", ["relu"], "maxpool", [1, 64, 56, 56], ("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 }), ("pads", new long[] { 1, 1, 1, 1 }));
        var input = "maxpool";
        foreach (var (block, output) in new[] { ("block1", "block1"), ("block2", "layer1") })
        {
            Conv(net, random, input, $"{block}_conv1", 64, 56, 3, 1);
            Node(net, "Relu", [$"{block}_conv1"], $"{block}_relu", [1, 64, 56, 56]);
            Conv(net, random, $"{block}_relu", $"{block}_conv2", 64, 56, 3, 1);
            Node(net, "Add", [$"{block}_conv2", input], $"{block}_sum", [1, 64, 56, 56]);
            Node(net, "Relu", [$"{block}_sum"], output, [1, 64, 56, 56]);
            input = output;
        }
        net.Output("layer1");
        File.WriteAllBytes(path, net.ToModel().ToByteArray());
        return path;
    }

    private static void Conv(GraphBuilder net, Random random, string input, string output, long channels, long side, long kernel, long stride)
    {
        var spread = Math.Sqrt(6.0 / (channels * kernel * kernel));
        var weights = new float[64 * channels * kernel * kernel];
        for (var i = 0; i < weights.Length; i++)
            weights[i] = (float)((2 * random.NextDouble() - 1) * spread);
        net.Add(TensorData.Of(output + "_weight", [64, channels, kernel, kernel], weights));
        long pad = kernel / 2;
        Node(net, "Conv", [input, output + "_weight"], output, [1, 64, side, side], ("strides", new[] { stride, stride }), ("pads", new[] { pad, pad, pad, pad }));
    }

    private static void Node(GraphBuilder net, string opType, string[] inputs, string output, long[] shape, params (string Name, object Value)[] attributes)
    {
        var node = new NodeProto { OpType = opType, Name = output };
        node.Input.AddRange(inputs);
        node.Output.Add(output);
        foreach (var (name, value) in attributes)
            node.Set(name, value);
        net.Add(node, new TensorInfo(output, TensorProto.Types.DataType.Float, shape));
    }
}
