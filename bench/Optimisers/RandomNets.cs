using Google.Protobuf;
using PerceptionStudy.Synthesis.Graphs;

namespace PerceptionStudy.Bench.Optimisers;

/// <summary>Three small architectures with random weights (He et al. 2015), for pictures of 32 pixels.</summary>
internal sealed class RandomNets
{
    private readonly GraphBuilder net = new();
    private readonly Random random = new(1);

    private RandomNets() => net.Input("image", [1, 3, 32, 32]);

    /// <summary>Three residual blocks; stages layer1 to layer3 and pooled.</summary>
    public static OnnxGraph ResNet()
    {
        var made = new RandomNets();
        var x = made.Relu(made.Conv("image", 16, 1), "stem");
        foreach (var (width, stride, name) in new[] { (16, 1, "layer1"), (32, 2, "layer2"), (64, 2, "layer3") })
        {
            var inner = made.Conv(made.Relu(made.Conv(x, width, stride)), width, 1);
            var past = stride == 1 ? x : made.Conv(x, width, stride, size: 1);
            x = made.Relu(made.net.Emit("Add", [inner, past]), name);
        }
        return made.Load(made.Named(made.net.Emit("GlobalAveragePool", [x], [1, 64, 1, 1]), "pooled"));
    }

    /// <summary>Three times two convolutions and a pool, then a dense layer; stages block1 to block3 and dense.</summary>
    public static OnnxGraph Vgg()
    {
        var made = new RandomNets();
        var x = "image";
        foreach (var (width, name) in new[] { (16, "block1"), (32, "block2"), (64, "block3") })
        {
            x = made.Relu(made.Conv(made.Relu(made.Conv(x, width, 1)), width, 1));
            var shape = made.net.Shape(x);
            x = made.Named(made.net.Emit("MaxPool", [x], [1, width, shape[2] / 2, shape[3] / 2], ("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })), name);
        }
        var flat = made.net.Reshape(x, 1, 1024);
        return made.Load(made.Relu(made.net.Emit("MatMul", [flat, made.Weights(1024, 1024, 128)], [1, 128]), "dense"));
    }

    /// <summary>Patches of 4 pixels, two transformer blocks of width 48 with three heads; stages patches, block1, block2.</summary>
    public static OnnxGraph Vit()
    {
        var made = new RandomNets();
        var net = made.net;
        var patches = made.Conv("image", 48, 4, size: 4);
        var x = made.Named(net.Emit("Transpose", [net.Reshape(patches, 1, 48, 64)], [1, 64, 48], ("perm", new long[] { 0, 2, 1 })), "patches");
        foreach (var name in new[] { "block1", "block2" })
        {
            var seen = made.Normalised(x);
            string Heads(bool columns) => net.Emit(
                "Transpose", [net.Reshape(made.Dense(seen, 48, 48), 1, 64, 3, 16)], columns ? [1, 3, 16, 64] : [1, 3, 64, 16], ("perm", columns ? new long[] { 0, 2, 3, 1 } : [0, 2, 1, 3]));
            var scores = net.Emit("Mul", [net.Emit("MatMul", [Heads(false), Heads(true)], [1, 3, 64, 64]), net.Scalar(x, 0.25)]);
            var mixed = net.Emit("MatMul", [net.Emit("Softmax", [scores], null, ("axis", -1)), Heads(false)], [1, 3, 64, 16]);
            var joined = net.Reshape(net.Emit("Transpose", [mixed], [1, 64, 3, 16], ("perm", new long[] { 0, 2, 1, 3 })), 1, 64, 48);
            x = net.Emit("Add", [x, made.Dense(joined, 48, 48)]);
            var hidden = made.Dense(made.Normalised(x), 48, 96);
            var gelu = net.Emit("Mul", [net.Emit("Mul", [hidden, net.Scalar(x, 0.5)]), net.Emit("Add", [net.Emit("Erf", [net.Emit("Mul", [hidden, net.Scalar(x, Math.Sqrt(0.5))])]), net.Scalar(x, 1)])]);
            x = made.Named(net.Emit("Add", [x, made.Dense(gelu, 96, 48)]), name);
        }
        return made.Load(x);
    }

    private string Conv(string x, int width, int stride, int size = 3)
    {
        var shape = net.Shape(x);
        var pad = size == 3 ? 1 : 0;
        return net.Emit(
            "Conv", [x, Weights(shape[1] * size * size, width, shape[1], size, size)], [1, width, shape[2] / stride, shape[3] / stride],
            ("strides", new long[] { stride, stride }), ("pads", new long[] { pad, pad, pad, pad }), ("kernel_shape", new long[] { size, size }));
    }

    private string Dense(string x, int from, int to) => net.Emit("MatMul", [x, Weights(from, from, to)], [1, 64, to]);

    private string Normalised(string x) =>
        net.Emit("LayerNormalization", [x, net.Constant("one", [48], Enumerable.Repeat(1f, 48).ToArray()), net.Constant("zero", [48], new float[48])], net.Shape(x), ("axis", -1));

    private string Relu(string x, string? name = null) => name is null ? net.Emit("Relu", [x]) : Add("Relu", x, name);

    private string Named(string x, string name) => Add("Identity", x, name);

    private string Add(string opType, string x, string name)
    {
        var node = new Synthesis.Graphs.Format.NodeProto { OpType = opType, Name = name };
        node.Input.Add(x);
        node.Output.Add(name);
        net.Add(node, net.Tensor(x) with { Name = name });
        return name;
    }

    private string Weights(long fanIn, params long[] shape)
    {
        var values = new float[shape.Aggregate(1L, (a, b) => a * b)];
        for (var i = 0; i < values.Length; i++)
            values[i] = (float)((random.NextDouble() * 2 - 1) * Math.Sqrt(6.0 / fanIn));
        return net.Constant("w", shape, values);
    }

    private OnnxGraph Load(string output)
    {
        net.Output(output);
        var file = Path.GetTempFileName();
        File.WriteAllBytes(file, net.ToModel().ToByteArray());
        var graph = OnnxGraph.Load(file);
        File.Delete(file);
        return graph;
    }
}
