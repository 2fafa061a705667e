using PerceptionStudy.Synthesis.Tests.Graphs;

namespace PerceptionStudy.Synthesis.Tests.Gradients;

/// <summary>Small networks of the known families with random weights, and what single nodes cannot show: tensors read twice, both factors on the path.</summary>
internal static class Networks
{
    private static readonly (string, object)[] Halves = [("kernel_shape", new long[] { 2, 2 }), ("strides", new long[] { 2, 2 })];
    private static readonly (string, object)[] Overlapping = [("kernel_shape", new long[] { 3, 3 }), ("strides", new long[] { 2, 2 })];

    /// <summary>The nets by name, with the tensors at which their gradients are checked.</summary>
    public static IReadOnlyDictionary<string, (Func<long, TestModel> Build, string[] Stages)> All { get; } = new Dictionary<string, (Func<long, TestModel>, string[])>
    {
        ["ResNet"] = (ResNet, ["stem", "pooled", "block1", "block2", "average", "logits"]),
        ["Vgg"] = (Vgg, ["r1", "r2", "r3", "dense", "logits"]),
        ["AlexNet"] = (AlexNet, ["r1", "normalised", "r2", "pooled", "dense", "probabilities"]),
        ["Attention"] = (Attention, ["scores", "weights", "y"]),
        ["Shared"] = (Shared, ["pools", "scaled", "y"]),
    };

    /// <summary>Stem, a residual block, one with stride and a 1 x 1 shortcut, global average, dense layer.</summary>
    private static TestModel ResNet(long batch) => new TestModel().Input("x", [batch, 3, 24, 24])
        .Conv("c0", "x", 3, 6, 5, 2, 2).BatchNorm("b0", "c0", 6).Node("Relu", "stem", ["b0"])
        .Node("MaxPool", "pooled", ["stem"], [.. Overlapping, ("pads", new long[] { 1, 1, 1, 1 })])
        .Conv("c1", "pooled", 6, 6, 3, 1, 1).BatchNorm("b1", "c1", 6).Node("Relu", "r1", ["b1"])
        .Conv("c2", "r1", 6, 6, 3, 1, 1).BatchNorm("b2", "c2", 6).Node("Add", "a1", ["b2", "pooled"]).Node("Relu", "block1", ["a1"])
        .Conv("c3", "block1", 6, 8, 3, 2, 1).BatchNorm("b3", "c3", 8).Node("Relu", "r3", ["b3"])
        .Conv("c4", "r3", 8, 8, 3, 1, 1).BatchNorm("b4", "c4", 8)
        .Conv("c5", "block1", 6, 8, 1, 2).BatchNorm("b5", "c5", 8).Node("Add", "a2", ["b4", "b5"]).Node("Relu", "block2", ["a2"])
        .Node("GlobalAveragePool", "average", ["block2"]).Node("Flatten", "flat", ["average"])
        .Weights("w", 5, 8).Weights("bias", 5).Node("Gemm", "logits", ["flat", "w", "bias"], ("transB", 1L)).Output("logits");

    private static TestModel Vgg(long batch) => new TestModel(11).Input("x", [batch, 3, 16, 16])
        .Conv("c1", "x", 3, 6, 3, 1, 1).Node("Relu", "r1", ["c1"]).Conv("c2", "r1", 6, 6, 3, 1, 1).Node("Relu", "r2", ["c2"])
        .Node("MaxPool", "p1", ["r2"], Halves).Conv("c3", "p1", 6, 8, 3, 1, 1).Node("Relu", "r3", ["c3"]).Node("MaxPool", "p2", ["r3"], Halves)
        .Constant("rows", [2], batch, -1L).Node("Reshape", "flat", ["p2", "rows"])
        .Weights("w1", 12, 128).Weights("bias1", 12).Node("Gemm", "d1", ["flat", "w1", "bias1"], ("transB", 1L)).Node("Relu", "dense", ["d1"])
        .Node("Dropout", "dropped", ["dense"], ("ratio", 0.5f))
        .Weights("w2", 5, 12).Weights("bias2", 5).Node("Gemm", "logits", ["dropped", "w2", "bias2"], ("transB", 1L)).Output("logits");

    /// <summary>Large stride, overlapping pools, local response normalisation, groups, dropout; operator set 7.</summary>
    private static TestModel AlexNet(long batch) => new TestModel(7).Input("x", [batch, 3, 35, 35])
        .Conv("c1", "x", 3, 6, 7, 2).Node("Relu", "r1", ["c1"])
        .Node("LRN", "normalised", ["r1"], ("size", 5L), ("alpha", 0.2f), ("beta", 0.75f), ("bias", 1f)).Node("MaxPool", "p1", ["normalised"], Overlapping)
        .Conv("c2", "p1", 6, 8, 3, 1, 1, 2).Node("Relu", "r2", ["c2"]).Node("MaxPool", "pooled", ["r2"], Overlapping)
        .Node("Flatten", "flat", ["pooled"]).Node("Dropout", "dropped", ["flat"], ("ratio", 0.5f))
        .Weights("w1", 72, 10).Weights("bias1", 10).Node("Gemm", "d1", ["dropped", "w1", "bias1"]).Node("Relu", "dense", ["d1"])
        .Weights("w2", 10, 5).Weights("bias2", 5).Node("Gemm", "d2", ["dense", "w2", "bias2"]).Node("Softmax", "probabilities", ["d2"]).Output("probabilities");

    /// <summary>Both factors of the products depend on the input.</summary>
    private static TestModel Attention(long batch) => new TestModel().Input("x", [batch, 5, 6])
        .Node("Transpose", "t", ["x"], ("perm", new long[] { 0, 2, 1 })).Node("MatMul", "scores", ["x", "t"])
        .Node("Softmax", "weights", ["scores"]).Node("MatMul", "y", ["weights", "x"]).Output("y");

    /// <summary>A Relu read by two pools, a tensor divided by its own mean, one of three parts of a split, a tensor times itself, a shape that is computed.</summary>
    private static TestModel Shared(long batch) => new TestModel().Input("x", [batch, 6, 8, 8])
        .Node("Relu", "r", ["x"]).Node("MaxPool", "largest", ["r"], Halves).Node("AveragePool", "mean", ["r"], Halves).Node("Sub", "pools", ["largest", "mean"])
        .Constant("space", [2], 2L, 3L).Node("ReduceMean", "level", ["mean", "space"]).Node("Div", "scaled", ["pools", "level"])
        .Constant("sizes", [3], 1L, 3L, 2L).Node("Split", ["p0", "p1", "p2"], ["scaled", "sizes"], ("axis", 1L)).Node("Mul", "square", ["p1", "p1"])
        .Node("Concat", "twice", ["square", "p1", "square"], ("axis", 1L))
        .Node("Shape", "shape", ["twice"]).Constant("first", [1], 0L).Node("Gather", "n", ["shape", "first"], ("axis", 0L)).Constant("rest", [1], -1L)
        .Node("Concat", "rows", ["n", "rest"], ("axis", 0L)).Node("Reshape", "y", ["twice", "rows"]).Output("y");
}
