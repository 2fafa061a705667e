using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Moving values about.</summary>
public sealed partial class TwinNetwork
{
    /// <summary>flatten(1).</summary>
    public string Flatten(string at, string x) => Apply(at, "Flatten", [x], t => t[0].flatten(1), ("axis", 1L));

    public string Reshape(string at, string x, params long[] shape) => Apply(at, "Reshape", [x, Constant(at, [shape.Length], shape)], t => t[0].reshape(shape));

    public string Transpose(string at, string x, params long[] order) => Apply(at, "Transpose", [x], t => t[0].permute(order), ("perm", order));

    public string Concat(string at, long axis, params string[] parts) => Apply(at, "Concat", parts, t => cat(t, axis), ("axis", axis));

    /// <summary>One index of an axis, which goes: <c>x[:, 0]</c>.</summary>
    public string Gather(string at, string x, long axis, long index) =>
        Apply(at, "Gather", [x, Constant(at, [], index)], t => t[0].select(axis, index), ("axis", axis));

    public string Slice(string at, string x, long axis, long from, long to, long step = 1) =>
        Apply(at, "Slice", [x, Constant(at, [1], from), Constant(at, [1], to), Constant(at, [1], axis), Constant(at, [1], step)], t => t[0].slice(axis, from, to, step));

    /// <summary>Parts of equal size along an axis, by one Split node.</summary>
    public string[] Split(string at, string x, long axis, int parts)
    {
        var size = Shape(x)[axis] / parts;
        string[] outputs = [.. Enumerable.Range(0, parts).Select(_ => Unique(at, "Split"))];
        var sizes = Enumerable.Repeat(size, parts).ToArray();
        if (Opset >= 13)
            Write("Split", [x, Constant(at, [parts], sizes)], outputs, ("axis", axis));
        else
            Write("Split", [x], outputs, ("axis", axis), ("split", sizes));
        return [.. outputs.Select((o, i) => Computes(o, "Split", [x], t => t[0].narrow(axis, i * size, size)))];
    }

    public string Squeeze(string at, string x, long axis) => Opset >= 13
        ? Apply(at, "Squeeze", [x, Constant(at, [1], axis)], t => t[0].squeeze(axis))
        : Apply(at, "Squeeze", [x], t => t[0].squeeze(axis), ("axes", new[] { axis }));

    public string Unsqueeze(string at, string x, long axis) => Opset >= 13
        ? Apply(at, "Unsqueeze", [x, Constant(at, [1], axis)], t => t[0].unsqueeze(axis))
        : Apply(at, "Unsqueeze", [x], t => t[0].unsqueeze(axis), ("axes", new[] { axis }));

    /// <summary>torch.roll along one axis, which exporters write as two slices and a concatenation.</summary>
    public string Roll(string at, string x, long axis, long by)
    {
        var size = Shape(x)[axis];
        var cut = ((size - by) % size + size) % size;
        string Part(long from, long to) => Write(at, "Slice", [x, Constant(at, [1], from), Constant(at, [1], to), Constant(at, [1], axis), Constant(at, [1], 1L)]);
        return Computes(Write(at, "Concat", [Part(cut, long.MaxValue), Part(0, cut)], ("axis", axis)), "Concat", [x], t => t[0].roll(by, axis));
    }

    /// <summary>Padding of height and width by reflection.</summary>
    public string ReflectionPad(string at, string x, long before, long after) => Apply(at, "Pad",
        [x, Constant(at, [8], 0, 0, before, before, 0, 0, after, after)], t => F.pad(t[0], [before, after, before, after], PaddingModes.Reflect), ("mode", "reflect"));

    /// <summary>A class token before a sequence [N,L,D], expanded to the batch by the arithmetic on shapes that exporters write.</summary>
    public string WithClassToken(string at, string x, (string Name, Tensor Value) token)
    {
        var size = Shape(x)[^1];
        var batch = Write(at, "Gather", [Write(at, "Shape", [x]), Constant(at, [], 0L)], ("axis", 0L));
        var shape = Write(at, "Concat", [Opset >= 13 ? Write(at, "Unsqueeze", [batch, Constant(at, [1], 0L)]) : Write(at, "Unsqueeze", [batch], ("axes", new[] { 0L })),
            Constant(at, [1], -1L), Constant(at, [1], -1L)], ("axis", 0L));
        var ones = Write(at, "ConstantOfShape", [Constant(at, [1], 3L)], ("value", Synthesis.Graphs.TensorData.Of("", [1], [1L])));
        var isOpen = Write(at, "Equal", [shape, Write(at, "Mul", [ones, Constant(at, [], -1L)])]);
        var expanded = Write(at, "Expand", [token.Name, Write(at, "Where", [isOpen, ones, shape])]);
        return Computes(Write(at, "Concat", [expanded, x], ("axis", 1L)), "Concat", [x], t => cat([token.Value.expand(t[0].shape[0], 1, size), t[0]], 1));
    }

    /// <summary>
    /// Attention of queries [..., L, d], keys and values [..., S, d]. libtorch computes it by its fused kernel; the file has the parts, with the scale
    /// split between queries and keys.
    /// </summary>
    /// <param name="bias">Added to the scores before the softmax, if there is one.</param>
    public string Attention(string at, string query, string key, string value, (string Name, Tensor Value)? bias = null)
    {
        var rank = Shape(key).Length;
        var root = Constant(at, [], (float)Math.Sqrt(1 / Math.Sqrt(Shape(query)[^1])));
        long[] order = [.. Enumerable.Range(0, rank - 2).Select(i => (long)i), rank - 1, rank - 2];
        var turned = Write(at, "Mul", [Write(at, "Transpose", [key], ("perm", order)), root]);
        var scores = Write(at, "MatMul", [Write(at, "Mul", [query, root]), turned]);
        if (bias is { } added)
            scores = Write(at, "Add", [scores, added.Name]);
        var output = Write(at, "MatMul", [Write(at, "Softmax", [scores], ("axis", -1L)), value]);
        return Computes(output, "MatMul", [query, key, value], t => F.scaled_dot_product_attention(t[0], t[1], t[2], bias?.Value));
    }
}
