using PerceptionStudy.Synthesis.Graphs;
using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Layers with weights, and pooling.</summary>
public sealed partial class TwinNetwork
{
    private const double NormEpsilon = 1e-5;

    /// <summary>A convolution, [N,C,H,W] to [N,filters,...]; the weights are He-normal.</summary>
    public string Conv(string at, string x, long filters, Window window, long groups = 1, bool bias = true)
    {
        var (weight, value) = Filters(at, x, filters, window, groups);
        var (offset, offsetValue) = bias ? Parameter($"{at}.bias", [filters], 0.05) : ("", null!);
        return Computes(WriteConv(at, x, weight, offset, window, groups), "Conv", [x],
            t => F.conv2d(t[0], value, bias ? offsetValue : null, window.Strides, window.Pads, window.Dilations, groups));
    }

    /// <summary>A convolution whose filters are not trained and do not have a bias.</summary>
    public string Conv(string at, string x, long[] shape, Func<float[]> filters, Window window, long groups = 1)
    {
        var (weight, value) = Given($"{at}.weight", shape, filters);
        return Computes(WriteConv(at, x, weight, "", window, groups), "Conv", [x],
            t => F.conv2d(t[0], value, null, window.Strides, window.Pads, window.Dilations, groups));
    }

    /// <summary>
    /// A convolution without bias and the batch normalisation behind it, in inference. libtorch computes both; the file has one convolution
    /// with folded weights, or both if <see cref="WritesNorms"/>.
    /// </summary>
    public string ConvNorm(string convAt, string normAt, string x, long filters, Window window, long groups = 1)
    {
        if (WritesNorms)
            return Norm(normAt, Conv(convAt, x, filters, window, groups, bias: false));
        var inGroup = Shape(x)[1] / groups;
        var filterShape = new[] { filters, inGroup, window.Kernel[0], window.Kernel[1] };
        var value = Drawn($"{convAt}.weight", filterShape, Spread(inGroup * window.Kernel[0] * window.Kernel[1]));
        var norm = NormValues(normAt, filters);
        var (folded, shift) = Folded(value, norm);
        var (weight, bias) = (Constant(convAt, filterShape, folded), Constant(convAt, [filters], shift));
        return Computes(WriteConv(convAt, x, weight, bias, window, groups), "Conv", [x],
            t => F.batch_norm(F.conv2d(t[0], value, null, window.Strides, window.Pads, window.Dilations, groups), norm.Mean, norm.Variance, norm.Scale, norm.Offset, false, 0.1, NormEpsilon));
    }

    /// <summary>A batch normalisation in inference, as a node of its own.</summary>
    public string Norm(string at, string x)
    {
        var n = NormValues(at, Shape(x)[1]);
        string[] names = [.. new[] { "weight", "bias", "running_mean", "running_var" }.Select(p => Written(parameters[$"{at}.{p}"].Written))];
        return Computes(Write(at, "BatchNormalization", [x, .. names], ("epsilon", (float)NormEpsilon)), "BatchNormalization", [x],
            t => F.batch_norm(t[0], n.Mean, n.Variance, n.Scale, n.Offset, false, 0.1, NormEpsilon));
    }

    /// <summary>A dense layer over the last dimension: Gemm for a matrix, MatMul and Add for more dimensions.</summary>
    public string Linear(string at, string x, long features, bool bias = true)
    {
        var shape = Shape(x);
        var value = Drawn($"{at}.weight", [features, shape[^1]], Math.Sqrt(1.0 / shape[^1]));
        var offset = bias ? Drawn($"{at}.bias", [features], 0.05) : null;
        string[] biases = bias ? [Written(parameters[$"{at}.bias"].Written)] : [];
        string output;
        if (shape.Length == 2)
            output = Write(at, "Gemm", [x, Written(parameters[$"{at}.weight"].Written), .. biases], ("alpha", 1f), ("beta", 1f), ("transB", 1L));
        else
        {
            output = Write(at, "MatMul", [x, Constant(at, [shape[^1], features], Floats(value.t()))]);
            if (bias)
                output = Write(at, "Add", [biases[0], output]);
        }
        return Computes(output, shape.Length == 2 ? "Gemm" : "MatMul", [x], t => F.linear(t[0], value, offset));
    }

    /// <summary>Layer normalisation over the last dimension: one node from operator set 17, before that its parts.</summary>
    public string LayerNorm(string at, string x, double epsilon = 1e-6)
    {
        var size = Shape(x)[^1];
        var (scale, scaleValue) = Parameter($"{at}.weight", [size], 0.2, 1);
        var (offset, offsetValue) = Parameter($"{at}.bias", [size], 0.1);
        string output;
        if (Opset >= 17)
            output = Write(at, "LayerNormalization", [x, scale, offset], ("axis", -1L), ("epsilon", (float)epsilon));
        else
        {
            var centred = Write(at, "Sub", [x, WriteMean(at, x, [-1], keep: true)]);
            var variance = WriteMean(at, Write(at, "Pow", [centred, Constant(at, [], 2f)]), [-1], keep: true);
            var deviation = Write(at, "Sqrt", [Write(at, "Add", [variance, Constant(at, [], (float)epsilon)])]);
            var normalised = Write(at, "Div", [centred, deviation]);
            output = Write(at, "Add", [Write(at, "Mul", [normalised, scale]), offset]);
        }
        return Computes(output, "LayerNormalization", [x], t => F.layer_norm(t[0], [size], scaleValue, offsetValue, (float)epsilon));
    }

    public string MaxPool(string at, string x, Window window, bool ceil = false) => Apply(at, "MaxPool", [x],
        t => F.max_pool2d(t[0], window.Kernel, window.Strides, window.Pads, window.Dilations, ceil),
        ("kernel_shape", window.Kernel), ("strides", window.Strides), ("pads", window.OnnxPads), ("dilations", window.Dilations), ("ceil_mode", ceil));

    public string AveragePool(string at, string x, Window window, bool countPadding = true, bool ceil = false) => Apply(at, "AveragePool", [x],
        t => F.avg_pool2d(t[0], window.Kernel, window.Strides, window.Pads, ceil, countPadding),
        ("kernel_shape", window.Kernel), ("strides", window.Strides), ("pads", window.OnnxPads), ("count_include_pad", countPadding), ("ceil_mode", ceil));

    /// <summary>AdaptiveAvgPool2d(1), [N,C,H,W] to [N,C,1,1].</summary>
    public string GlobalAveragePool(string at, string x) => Apply(at, "GlobalAveragePool", [x], t => t[0].mean([2L, 3L], keepdim: true));

    /// <summary>[N,C,H,W] to [N,C,1,1].</summary>
    public string GlobalMaxPool(string at, string x) => Apply(at, "GlobalMaxPool", [x], t => t[0].amax([2L, 3L], keepdim: true));

    /// <summary>A trained tensor that does not depend on the input, such as a position embedding.</summary>
    public (string Name, Tensor Value) Embedding(string name, double spread, params long[] shape) => Parameter(name, shape, spread);

    /// <summary>A tensor of given values that does not depend on the input.</summary>
    public (string Name, Tensor Value) Fixed(string name, long[] shape, float[] values) => Given(name, shape, () => values);

    private (string Name, Tensor Value) Filters(string at, string x, long filters, Window window, long groups)
    {
        var inGroup = Shape(x)[1] / groups;
        return Parameter($"{at}.weight", [filters, inGroup, .. window.Kernel], Spread(inGroup * Shapes.Size(window.Kernel)));
    }

    private static (float[] Weight, float[] Bias) Folded(Tensor weight, (Tensor Scale, Tensor Offset, Tensor Mean, Tensor Variance) norm)
    {
        using var scope = NewDisposeScope();
        var factor = norm.Scale / (norm.Variance + NormEpsilon).sqrt();
        return (Floats(weight * factor.reshape(-1, 1, 1, 1)), Floats(norm.Offset - norm.Mean * factor));
    }

    private static double Spread(long fanIn) => Math.Sqrt(2.0 / fanIn);

    // The value only: what the file holds is derived from it.
    private Tensor Drawn(string name, long[] shape, double spread, double centre = 0)
    {
        if (!parameters.ContainsKey(name))
        {
            float[] drawn = [.. Enumerable.Range(0, checked((int)Shapes.Size(shape))).Select(_ => (float)(centre + spread * noise.Normal()))];
            parameters[name] = (TensorData.Of(name, shape, drawn), tensor(drawn, shape, dtype: ScalarType.Float32).to_type(type));
        }
        return parameters[name].Value;
    }

    private (Tensor Scale, Tensor Offset, Tensor Mean, Tensor Variance) NormValues(string at, long channels) =>
        (Drawn($"{at}.weight", [channels], 0.1, 1), Drawn($"{at}.bias", [channels], 0.1), Drawn($"{at}.running_mean", [channels], 0.1), Drawn($"{at}.running_var", [channels], 0.1, 1));

    private string WriteConv(string at, string x, string weight, string bias, Window window, long groups) =>
        Write(at, "Conv", bias.Length > 0 ? [x, weight, bias] : [x, weight],
            ("dilations", window.Dilations), ("group", groups), ("kernel_shape", window.Kernel), ("pads", window.OnnxPads), ("strides", window.Strides));

    private string WriteMean(string at, string x, long[] axes, bool keep) => Opset >= 18
        ? Write(at, "ReduceMean", [x, Constant(at, [axes.Length], axes)], ("keepdims", keep))
        : Write(at, "ReduceMean", [x], ("axes", axes), ("keepdims", keep));

    private static float[] Floats(Tensor values) => values.to_type(ScalarType.Float32).contiguous().data<float>().ToArray();
}
