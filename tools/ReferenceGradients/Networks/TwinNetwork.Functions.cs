using TorchSharp;
using static TorchSharp.torch;
using F = TorchSharp.torch.nn.functional;

namespace PerceptionStudy.ReferenceGradients.Networks;

/// <summary>Functions of each value, and arithmetic between tensors.</summary>
public sealed partial class TwinNetwork
{
    public string Relu(string at, string x) => Apply(at, "Relu", [x], t => F.relu(t[0]));

    public string Sigmoid(string at, string x) => Apply(at, "Sigmoid", [x], t => sigmoid(t[0]));

    public string HardSigmoid(string at, string x) => Apply(at, "HardSigmoid", [x], t => F.hardsigmoid(t[0]), ("alpha", 1f / 6));

    /// <summary>x·sigmoid(x), which exporters write as two nodes.</summary>
    public string Silu(string at, string x) => Computes(Write(at, "Mul", [x, Write(at, "Sigmoid", [x])]), "Mul", [x], t => F.silu(t[0]));

    /// <summary>One node from operator set 14; before that x·clip(x + 3, 0, 6)/6.</summary>
    public string HardSwish(string at, string x)
    {
        if (Opset >= 14)
            return Apply(at, "HardSwish", [x], t => F.hardswish(t[0]));
        var clipped = Write(at, "Clip", [Write(at, "Add", [x, Constant(at, [], 3f)]), Constant(at, [], 0f), Constant(at, [], 6f)]);
        return Computes(Write(at, "Div", [Write(at, "Mul", [x, clipped]), Constant(at, [], 6f)]), "Div", [x], t => F.hardswish(t[0]));
    }

    /// <summary>The exact GELU: one node from operator set 20; before that by Erf.</summary>
    public string Gelu(string at, string x)
    {
        if (Opset >= 20)
            return Apply(at, "Gelu", [x], t => F.gelu(t[0]));
        var erf = Write(at, "Erf", [Write(at, "Div", [x, Constant(at, [], 1.4142135f)])]);
        var product = Write(at, "Mul", [x, Write(at, "Add", [erf, Constant(at, [], 1f)])]);
        return Computes(Write(at, "Mul", [product, Constant(at, [], 0.5f)]), "Mul", [x], t => F.gelu(t[0]));
    }

    /// <summary>x·sigmoid(1.702 x), the GELU of CLIP.</summary>
    public string QuickGelu(string at, string x)
    {
        var gate = Write(at, "Sigmoid", [Write(at, "Mul", [x, Constant(at, [], 1.702f)])]);
        return Computes(Write(at, "Mul", [x, gate]), "Mul", [x], t => t[0] * sigmoid(t[0] * 1.702f));
    }

    public string Softmax(string at, string x, long axis = -1) => Apply(at, "Softmax", [x], t => F.softmax(t[0], axis), ("axis", axis));

    public string Add(string at, string a, string b) => Apply(at, "Add", [a, b], t => t[0] + t[^1]);

    public string Sub(string at, string a, string b) => Apply(at, "Sub", [a, b], t => t[0] - t[^1]);

    public string Mul(string at, string a, string b) => Apply(at, "Mul", [a, b], t => t[0] * t[^1]);

    public string Div(string at, string a, string b) => Apply(at, "Div", [a, b], t => t[0] / t[^1]);

    public string Max(string at, string a, string b) => Apply(at, "Max", [a, b], t => maximum(t[0], t[^1]));

    public string MatMul(string at, string a, string b) => Apply(at, "MatMul", [a, b], t => t[0].matmul(t[^1]));

    public string Abs(string at, string x) => Apply(at, "Abs", [x], t => t[0].abs());

    public string Exp(string at, string x) => Apply(at, "Exp", [x], t => t[0].exp());

    public string Sqrt(string at, string x) => Apply(at, "Sqrt", [x], t => t[0].sqrt());

    public string Square(string at, string x) => Apply(at, "Pow", [x, Constant(at, [], 2f)], t => t[0].square());

    /// <summary>Times a number.</summary>
    public string Scale(string at, string x, float factor) => Apply(at, "Mul", [x, Constant(at, [], factor)], t => t[0] * factor);

    /// <summary>Plus a number.</summary>
    public string Shift(string at, string x, float by) => Apply(at, "Add", [x, Constant(at, [], by)], t => t[0] + by);

    /// <summary>Plus or times a tensor that does not depend on the input.</summary>
    public string AddFixed(string at, string x, (string Name, Tensor Value) other) => Apply(at, "Add", [x, other.Name], t => t[0] + other.Value);

    public string MulFixed(string at, string x, (string Name, Tensor Value) other) => Apply(at, "Mul", [x, other.Name], t => t[0] * other.Value);

    public string MatMulFixed(string at, string x, (string Name, Tensor Value) other) => Apply(at, "MatMul", [x, other.Name], t => t[0].matmul(other.Value));

    public string Mean(string at, string x, long[] axes, bool keep = false) =>
        Computes(WriteMean(at, x, axes, keep), "ReduceMean", [x], t => t[0].mean(axes, keepdim: keep));
}
